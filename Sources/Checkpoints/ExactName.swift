/// A name compared by its UTF-8 bytes: Swift takes "\u{E9}" and "e\u{301}" for equal, files do not.
struct ExactName: Hashable, Sendable {
  private let bytes: [UInt8]

  init(_ name: String) { bytes = Array(name.utf8) }
}
