internal import Checkpoints

/// What `certify train` wrote beside a model while it trained: a line each time it looked.
public struct TrainingCurves: Sendable, Hashable {
  /// Step and value, in the order of the file.
  public struct Series: Sendable, Hashable {
    public let name: String
    public let points: [Point]
  }

  public struct Point: Sendable, Hashable {
    public let step: Double
    public let value: Double
  }

  public let series: [Series]

  public struct Fault: Error, Sendable, Hashable, CustomStringConvertible {
    public let description: String
  }

  static let schema = "certify.metrics/v1"
  private static let names = [
    "loss", "trainingAccuracy", "accuracy", "wholeTrialAccuracy", "factor",
  ]

  /// Reads a file of JSON lines; lines of other schemas are faults, so that no wrong file is drawn.
  public init(_ text: String) throws(Fault) {
    var points: [String: [Point]] = [:]
    for (index, line) in text.split(separator: "\n").enumerated() {
      let value: JSONValue
      do { value = try JSONValue(parsing: Array(line.utf8)) } catch {
        throw Fault(description: "line \(index + 1): \(error)")
      }
      guard value["schema"]?.string == Self.schema, let step = value["step"]?.number?.double else {
        throw Fault(description: "line \(index + 1): expected an object of \(Self.schema)")
      }
      for name in Self.names {
        guard let found = value[name]?.number?.double, found.isFinite else { continue }
        points[name, default: []].append(Point(step: step, value: found))
      }
    }
    series = Self.names.compactMap { name in points[name].map { Series(name: name, points: $0) } }
    guard !series.isEmpty else { throw Fault(description: "no line of \(Self.schema)") }
  }

  func points(_ name: String) -> [(x: Double, y: Double)]? {
    series.first { $0.name == name }?.points.map { ($0.step, $0.value) }
  }
}
