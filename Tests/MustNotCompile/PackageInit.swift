// error: 'Certified<Network>' initializer is inaccessible due to 'fileprivate' protection level
// Compiled as one more file of the kernel itself.

extension Certified {
  package static func believing(
    _ network: Specification, _ guarantee: Guarantee, _ certificate: Certificate
  ) -> Certified {
    Certified(network, guarantee, certificate, .full(lower: 1, upper: 1))
  }
}
