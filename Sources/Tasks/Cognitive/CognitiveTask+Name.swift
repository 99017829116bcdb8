internal import Markup

extension CognitiveTask {
  /// The task of a name such as "go", "dmsintr" or "dlygointlseqr".
  ///
  /// The authors' names of the composed tasks, such as "dlygointseq", are understood: as coded they
  /// are right, right.
  ///
  /// - Throws: `.unknown`, with the names that are nearest to the one given.
  public init(named name: String) throws(CognitiveTaskError) {
    if let task = Self.byName[name] {
      self = task
    } else if name.hasSuffix("intseq"), let task = Self.byName[name.dropLast(6) + "intrseqr"] {
      self = task
    } else {
      throw .unknown(name: name, near: Self.names(near: name))
    }
  }

  private static let byName = Dictionary(uniqueKeysWithValues: all126.map { ($0.name, $0) })

  /// Up to three names that a slip or two turn into `name`, nearest first.
  private static func names(near name: String) -> [String] {
    guard name.utf8.count <= 64 else { return [] }
    let lowered = name.lowercased().filter { $0 != "_" && $0 != "-" && $0 != " " }
    let reach = max(1, lowered.utf8.count / 4)
    let candidates = all126.enumerated().compactMap { index, task in
      let distance = editDistance(lowered, task.name)
      return distance <= reach ? (distance: distance, index: index) : nil
    }
    let best = candidates.sorted { ($0.distance, $0.index) < ($1.distance, $1.index) }
    return best.prefix(3).map { all126[$0.index].name }
  }
}

/// What is wrong with the name of a task.
public enum CognitiveTaskError: Error, Sendable, Hashable, CustomStringConvertible {
  /// `near`: up to three names that may have been meant, nearest first.
  case unknown(name: String, near: [String])

  public var description: String {
    switch self {
    case .unknown(let name, let near):
      "no task is named \"\(printable(name))\"; "
        + (near.isEmpty
          ? "names are a base task such as go or dms, then intr or intl, then seqr or seql"
          : "is \(near.joined(separator: " or ")) meant?")
    }
  }
}
