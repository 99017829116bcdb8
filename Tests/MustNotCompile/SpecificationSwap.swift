// error: cannot assign to property: 'recurrent' is a 'let' constant
import CertifyKernel

func forge(_ network: Specification, _ weights: Weights) -> Specification {
  var other = network
  other.recurrent = weights
  return other
}
