// MPI's constants are macros or addresses that Swift does not see, so what is needed of it stands in functions here.
#ifndef CERTIFY_CMPI_SHIM_H
#define CERTIFY_CMPI_SHIM_H
#include <mpi.h>

/// Starts MPI if nobody has, and says which process this is of how many.
static inline void certify_mpi_start(int *rank, int *count) {
  int started = 0;
  MPI_Initialized(&started);
  if (!started) {
    int provided = 0;
    MPI_Init_thread(NULL, NULL, MPI_THREAD_FUNNELED, &provided);
  }
  MPI_Comm_rank(MPI_COMM_WORLD, rank);
  MPI_Comm_size(MPI_COMM_WORLD, count);
}

/// Sums arrays over all processes. Process 0 adds and hands out, so that all get the same bits.
static inline void certify_mpi_sum(double *values, int count) {
  int rank = 0;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  MPI_Reduce(rank == 0 ? MPI_IN_PLACE : values, values, count, MPI_DOUBLE, MPI_SUM, 0, MPI_COMM_WORLD);
  MPI_Bcast(values, count, MPI_DOUBLE, 0, MPI_COMM_WORLD);
}

/// Whether the flag of any process is set.
static inline int certify_mpi_any(int flag) {
  int any = 0;
  MPI_Allreduce(&flag, &any, 1, MPI_INT, MPI_MAX, MPI_COMM_WORLD);
  return any;
}

/// Ends all processes.
static inline void certify_mpi_end(int status) { MPI_Abort(MPI_COMM_WORLD, status); }

static inline void certify_mpi_stop(void) {
  int started = 0, stopped = 0;
  MPI_Initialized(&started);
  MPI_Finalized(&stopped);
  if (started && !stopped) MPI_Finalize();
}
#endif
