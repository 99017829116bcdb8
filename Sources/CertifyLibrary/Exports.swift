internal import Certify
internal import Glibc

// The functions of certify.h; LibraryTests compiles and runs a program in C against them.

@_cdecl("certify_check")
public func exportedCheck(
  _ model: UnsafePointer<UInt8>?, _ size: Int, _ options: UnsafePointer<CChar>?,
  _ status: UnsafeMutablePointer<Int32>?
) -> UnsafeMutablePointer<CChar>? {
  reply(.check, model, size, options, status)
}

@_cdecl("certify_inspect")
public func exportedInspect(
  _ model: UnsafePointer<UInt8>?, _ size: Int, _ options: UnsafePointer<CChar>?,
  _ status: UnsafeMutablePointer<Int32>?
) -> UnsafeMutablePointer<CChar>? {
  reply(.inspect, model, size, options, status)
}

@_cdecl("certify_verify")
public func exportedVerify(
  _ model: UnsafePointer<UInt8>?, _ size: Int, _ options: UnsafePointer<CChar>?,
  _ status: UnsafeMutablePointer<Int32>?
) -> UnsafeMutablePointer<CChar>? {
  reply(.verify, model, size, options, status)
}

@_cdecl("certify_free")
public func exportedFree(_ reply: UnsafeMutablePointer<CChar>?) { free(reply) }

@_cdecl("certify_version")
public func exportedVersion() -> UnsafePointer<CChar>? { version.text }

/// The version as a C string that lives as long as the process; nothing writes to it.
private struct VersionText: @unchecked Sendable {
  let text: UnsafePointer<CChar>?
}

private let version = VersionText(text: strdup(Tool.version).map { UnsafePointer($0) })

/// Copies what the caller owns, and answers.
private func reply(
  _ command: LibraryCommand, _ model: UnsafePointer<UInt8>?, _ size: Int,
  _ options: UnsafePointer<CChar>?, _ status: UnsafeMutablePointer<Int32>?
) -> UnsafeMutablePointer<CChar>? {
  let text = options.map { Array(UnsafeRawBufferPointer(start: $0, count: strlen($0))) }
  let reply: Reply
  if size < 0 || (model == nil && size != 0) {
    reply = .usage("\(size) bytes of a model that is not there")
  } else if !DefaultArithmetic.isInForce {
    reply = .usage(
      "this thread rounds otherwise than to nearest, or flushes subnormal numbers to zero: no bound holds then"
    )
  } else {
    let bytes = model.map { Array(UnsafeBufferPointer(start: $0, count: size)) }
    reply =
      onOwnThread { command.reply(model: bytes, options: text ?? Array("{}".utf8)) }
      ?? .failure(.internalError, "no thread can be started")
  }
  status?.pointee = reply.status.rawValue
  return strdup(reply.text)
}
