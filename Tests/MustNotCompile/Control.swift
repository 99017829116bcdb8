// The positive control: what a user writes compiles, so that the others fail for their own reason.
import CertifyKernel

func honest(
  _ network: Specification, _ certificate: Certificate
) throws(InputError) -> Certified<Specification>? {
  guard case .certified(let certified) = try network.certify(using: certificate) else { return nil }
  return certified
}
