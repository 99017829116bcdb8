// error: cannot convert value of type 'RateNetwork' to expected argument type 'CertifiedStep<EulerStep>'
import Dynamics

func run(_ network: RateNetwork) throws(NetworkError) {
  _ = try Integrator<EulerStep>(network)
}
