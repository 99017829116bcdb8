// error: instance method 'decode(_:from:)' requires that 'Certified<Specification>' conform to 'Decodable'
import CertifyKernel
import Foundation

func forge(_ data: Data) throws -> Certified<Specification> {
  try JSONDecoder().decode(Certified<Specification>.self, from: data)
}
