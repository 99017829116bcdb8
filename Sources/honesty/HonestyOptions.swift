internal import Foundation

/// How much is tried, and from which seed; the same seed and counts give the same networks on any machine.
package struct HonestyOptions: Sendable {
  /// Random networks.
  package var count = 100_000
  /// Networks scaled to the edge of what is certified, both sides of it examined.
  package var near = 10_000
  package var seed: UInt64 = 1
  package var threads = ProcessInfo.processInfo.activeProcessorCount
  /// No network has more units than this.
  package var largest = 12
  /// One case of the run alone, by the number that a contradiction names; nil runs them all.
  package var only: Int?
  /// Random trees of modules; where any are asked for, nothing else is tried.
  package var trees = 0

  package init() {}

  package init(_ arguments: some Sequence<String>) throws(Misuse) {
    var left = arguments.makeIterator()
    while let name = left.next() {
      guard let text = left.next(), let value = Int(text), value >= 0 else {
        throw Misuse(description: "\(name) needs a whole number")
      }
      switch name {
      case "--count": count = value
      case "--near": near = value
      case "--seed": seed = UInt64(value)
      case "--threads" where value > 0: threads = value
      case "--case": only = value
      case "--trees": trees = value
      case "--largest" where value > 0: largest = value
      default: throw Misuse(description: "unknown option \(name) \(value)")
      }
    }
    let cases = trees > 0 ? trees : count + near
    if let only, only >= cases {
      throw Misuse(description: "--case \(only): the cases are 0 ..< \(cases)")
    }
  }

  package struct Misuse: Error, CustomStringConvertible {
    package let description: String
  }
}
