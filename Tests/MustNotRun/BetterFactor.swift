// error: cannot assign to property: 'factor' is a get-only property
import Dynamics

func forge(_ step: CertifiedStep<EulerStep>) -> CertifiedStep<EulerStep> {
  var forged = step
  forged.factor = 0.5
  return forged
}
