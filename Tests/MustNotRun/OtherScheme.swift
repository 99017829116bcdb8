// error: cannot convert value of type 'CertifiedStep<EulerStep>' to expected argument type 'CertifiedStep<SplitStep>'
import Dynamics

func run(_ step: CertifiedStep<EulerStep>) throws(NetworkError) {
  _ = try Integrator<SplitStep>(step)
}
