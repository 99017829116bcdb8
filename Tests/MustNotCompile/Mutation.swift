// error: cannot assign to property: 'guarantee' is a get-only property
import CertifyKernel

func forge(_ certified: Certified<Specification>, _ better: Guarantee) -> Certified<Specification> {
  var forged = certified
  forged.guarantee = better
  return forged
}
