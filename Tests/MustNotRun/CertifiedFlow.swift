// error: cannot convert value of type 'Certified<Specification>' to expected argument type 'CertifiedStep<EulerStep>'
import CertifyKernel
import Dynamics

func run(_ certified: Certified<Specification>) throws(NetworkError) {
  _ = try Integrator<EulerStep>(certified)
}
