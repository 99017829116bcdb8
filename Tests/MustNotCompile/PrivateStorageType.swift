// error: 'Storage' is inaccessible due to 'private' protection level
@testable import CertifyKernel

func forge(_ network: Specification, _ guarantee: Guarantee, _ certificate: Certificate) {
  _ = Certified<Specification>.Storage(
    specification: network, guarantee: guarantee, certificate: certificate,
    metric: .full(lower: 1, upper: 1))
}
