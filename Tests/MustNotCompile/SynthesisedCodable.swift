// error: extension outside of file declaring generic struct 'Certified' prevents automatic synthesis of 'init(from:)' for protocol 'Decodable'
@testable import CertifyKernel

extension Certified: Decodable where Network == Specification {}
