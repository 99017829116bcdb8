(** Counterexamples to printed statements (theory 9): a direction in which the matrix does not decay, found by
    computation over the rationals. Each theorem says that the printed hypotheses hold and the conclusion does not.

    x^T M A x > 0 refutes decay of the matrix A in the metric M; an eigenvalue s >= 0 refutes it in every metric
    ([UnstableVertex]). *)
From mathcomp Require Import all_ssreflect all_algebra.
From Certify Require Import Spec Forms UnstableVertex.

Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

(** Matrices and vectors by rows. *)
Definition mx n (rows : seq (seq rat)) : 'M[rat]_n := \matrix_(i, j) nth 0 (nth [::] rows i) j.
Definition cv n (entries : seq rat) : 'cV[rat]_n := \col_i nth 0 entries i.

(** Global workspace at equality (printed "<="): a hub and 4 leaves, lam = g = 1, every |L| = 1/2 = 1/sqrt 4.
    J = -1 + L has the eigenvalue 0, so nothing contracts. *)
Definition star4 : 'M[rat]_5 := mx 5
  [:: [:: -1; 1/2%:R; 1/2%:R; 1/2%:R; 1/2%:R]; [:: 1/2%:R; -1; 0; 0; 0]; [:: 1/2%:R; 0; -1; 0; 0];
      [:: 1/2%:R; 0; 0; -1; 0]; [:: 1/2%:R; 0; 0; 0; -1]].

Theorem workspace_equality M lam : 0 < lam -> ~ certifies (eq star4) M lam.
Proof.
move=> l0; apply: (@unstable_vertex _ _ _ star4 (cv 5 [:: 2%:R; 1; 1; 1; 1]) 0) => //.
  by apply/eqP => /colP/(_ 0); rewrite !mxE.
rewrite scale0r; apply/colP; case=> [[|[|[|[|[|//]]]]] ?];
  by rewrite !mxE !big_ord_recl big_ord0 !mxE /=; apply/eqP.
Qed.

(** Printed count: p leaves but ell <= lam / (g sqrt(p - 1)). Five leaves with 1/2 grow in M = I. *)
Definition star5 : 'M[rat]_6 := mx 6
  [:: [:: -1; 1/2%:R; 1/2%:R; 1/2%:R; 1/2%:R; 1/2%:R]; [:: 1/2%:R; -1; 0; 0; 0; 0];
      [:: 1/2%:R; 0; -1; 0; 0; 0]; [:: 1/2%:R; 0; 0; -1; 0; 0]; [:: 1/2%:R; 0; 0; 0; -1; 0];
      [:: 1/2%:R; 0; 0; 0; 0; -1]].

Theorem workspace_count (x := cv 6 [:: 2%:R; 1; 1; 1; 1; 1]) : 0 < bf 1%:M x (star5 *m x).
Proof. by rewrite bf1 /dot !big_ord_recl big_ord0 !mxE !big_ord_recl !big_ord0 !mxE /=. Qed.

(** Identity coupling L = -L^T of modules that Theorem 1 certifies: W1 = [[0, 12], [0, 0]], W2 = [0] and the
    coupling of theory 7. At slopes 1 the eigenvalue is 2 - 1 = 1: the network contracts in no metric. *)
Definition skew_modules : 'M[rat]_3 := mx 3 [:: [:: -1; 12%:R; -1]; [:: 0; -1; 1]; [:: 1; -1; -1]].

Theorem identity_coupling M lam : 0 < lam -> ~ certifies (eq skew_modules) M lam.
Proof.
move=> l0; apply: (@unstable_vertex _ _ _ skew_modules (cv 3 [:: 5%:R; 1; 2%:R]) 1) => //.
  by apply/eqP => /colP/(_ 0); rewrite !mxE.
rewrite scale1r; apply/colP; case=> [[|[|[|//]]] ?];
  by rewrite !mxE !big_ord_recl big_ord0 !mxE /=; apply/eqP.
Qed.

(** Theorem 6 as printed: the metric D. W = [[0, 10], [0, 0]], P = diag(100, 1), c = 1, D = 1 satisfy
    (W - 1) P + P (W^T - 1) <= -P, yet in the metric D = 1 the network grows along (1, 1). *)
Definition shear : 'M[rat]_2 := mx 2 [:: [:: 0; 10%:R]; [:: 0; 0]].
Definition shear_P : 'M[rat]_2 := mx 2 [:: [:: 100%:R; 0]; [:: 0; 1]].

Theorem slopes_as_metric (x := cv 2 [:: 1; 1]) : 0 < bf 1%:M x ((shear - 1%:M) *m x).
Proof. by rewrite bf1 /dot !big_ord_recl big_ord0 !mxE !big_ord_recl !big_ord0 !mxE /=. Qed.

(** Its hypothesis: P - (W P + P W^T) = u u^T with u = (10, -1). *)
Theorem slopes_as_metric_hypothesis :
  shear_P - (shear *m shear_P + shear_P *m shear^T) = cv 2 [:: 10%:R; -1] *m (cv 2 [:: 10%:R; -1])^T.
Proof.
by apply/matrixP; case=> [[|[|//]] ?]; case=> [[|[|//]] ?];
  rewrite !mxE !big_ord_recl !big_ord0 !mxE /=; apply/eqP.
Qed.

(** Pairwise pruning with a full metric: M L is skew, and still so is not what is left after the entries (0, 2) and
    (2, 0) are removed; the network then grows along (0, -1, 1) in M. *)
Definition full_M : 'M[rat]_3 := mx 3 [:: [:: 2%:R; -1; 0]; [:: -1; 1; 0]; [:: 0; 0; 1]].
Definition full_L : 'M[rat]_3 := mx 3 [:: [:: 0; 0; - 8%:R]; [:: 0; 0; - 6%:R]; [:: 10%:R; - 2%:R; 0]].
Definition pruned_L : 'M[rat]_3 := mx 3 [:: [:: 0; 0; 0]; [:: 0; 0; - 6%:R]; [:: 0; - 2%:R; 0]].

Theorem full_metric_skew : full_M *m full_L + full_L^T *m full_M = 0.
Proof.
by apply/matrixP; case=> [[|[|[|//]]] ?]; case=> [[|[|[|//]]] ?];
  rewrite !mxE !big_ord_recl !big_ord0 !mxE /=; apply/eqP.
Qed.

Theorem pairwise_pruning (x := cv 3 [:: 0; -1; 1]) : 0 < bf full_M x ((pruned_L - 1%:M) *m x).
Proof.
by rewrite /bf /dot !big_ord_recl big_ord0 !mxE !big_ord_recl !big_ord0 !mxE
  !big_ord_recl !big_ord0 !mxE /=.
Qed.
