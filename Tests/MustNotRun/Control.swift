// The positive control: what a user writes compiles.
import Certify
import CertifyKernel
import Dynamics

func honest(
  _ network: RateNetwork, _ certified: Certified<Specification>
) throws(NetworkError) -> [Double] {
  let step = try CertifiedStep<EulerStep>(network, certified)
  return try Integrator(step).trajectory(input: [0], steps: 1, batch: 1)
}
