// error: 'let' property 'specification' may not be initialized directly; use "self.init(...)" or "self = ..." instead
import CertifyKernel

extension Certified where Network == Specification {
  init(believing network: Specification) {
    specification = network
  }
}
