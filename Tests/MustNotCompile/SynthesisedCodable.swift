// error: extension outside of file declaring generic struct 'Certified' prevents automatic synthesis of 'init(from:)' for protocol 'Decodable'
@testable public import CertifyKernel

extension Certified: Decodable where Network == Specification {}
