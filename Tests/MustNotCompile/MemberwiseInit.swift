// error: 'Certified<Network>' initializer is inaccessible due to 'fileprivate' protection level
@testable import CertifyKernel

func forge(
  _ network: Specification, _ guarantee: Guarantee, _ certificate: Certificate
) -> Certified<Specification> {
  Certified(network, guarantee, certificate, .full(lower: 1, upper: 1))
}
