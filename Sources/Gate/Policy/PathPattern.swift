/// A pattern for paths as in ignore files: `*` and `?` within a name, `**` for any number of folders; everything else
/// stands for itself. A pattern without `/` is matched against the last name alone.
public struct PathPattern: Sendable, Hashable {
  public let text: String

  public init(_ text: String) { self.text = text }

  public func matches(_ path: String) -> Bool {
    let names = path.split(separator: "/").filter { $0 != "." }.map { Array($0.unicodeScalars) }
    let wanted = text.split(separator: "/").filter { $0 != "." }.map { Array($0.unicodeScalars) }
    guard let last = names.last, !wanted.isEmpty else { return false }
    if !text.contains("/") { return Self.matches(wanted[0][...], last[...]) }
    // How many names can be behind when the patterns read so far are used up.
    var reachable = Set([0])
    for pattern in wanted {
      if pattern == ["*", "*"] {
        guard let least = reachable.min() else { return false }
        reachable = Set(least...names.count)
      } else {
        reachable = Set(
          reachable.compactMap {
            $0 < names.count && Self.matches(pattern[...], names[$0][...]) ? $0 + 1 : nil
          })
      }
    }
    return reachable.contains(names.count)
  }

  /// One name against one pattern; quadratic, without backtracking into earlier stars.
  private static func matches(
    _ pattern: ArraySlice<Unicode.Scalar>, _ name: ArraySlice<Unicode.Scalar>
  ) -> Bool {
    var (p, n) = (pattern.startIndex, name.startIndex)
    var star: (pattern: Int, name: Int)?
    while n < name.endIndex {
      if p < pattern.endIndex, pattern[p] == "*" {
        star = (p, n)
        p += 1
      } else if p < pattern.endIndex, pattern[p] == "?" || pattern[p] == name[n] {
        p += 1
        n += 1
      } else if let last = star {
        star = (last.pattern, last.name + 1)
        p = last.pattern + 1
        n = last.name + 1
      } else {
        return false
      }
    }
    return pattern[p...].allSatisfy { $0 == "*" }
  }
}
