// error: 'storage' is inaccessible due to 'private' protection level
@testable import Dynamics

extension CertifiedStep {
  init(believing other: CertifiedStep<Scheme>) {
    self.storage = other.storage
  }
}
