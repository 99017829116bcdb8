public import CertifyKernel
internal import Markup

/// What is wrong with a list of units to delete.
public enum UnitListError: Error, Sendable, Hashable, CustomStringConvertible {
  case syntax(String)
  case reversed(first: Int, last: Int)
  case repeated(unit: Int)
  case unitOutOfRange(unit: Int, units: Int)
  case moduleOutOfRange(module: Int, modules: Int)
  case everything(units: Int)

  public var description: String {
    switch self {
    case .syntax(let text):
      "--units: \"\(printable(text))\"; expected units and ranges such as 3,7,10-12"
    case .reversed(let first, let last): "--units: the range \(first)-\(last) runs backwards"
    case .repeated(let unit): "--units: unit \(unit) is named twice"
    case .unitOutOfRange(let unit, let units):
      "--units: unit \(unit), the network has \(units) units, 0 to \(units - 1)"
    case .moduleOutOfRange(let module, let modules):
      "--module: module \(module), the network has \(modules) modules, 0 to \(modules - 1)"
    case .everything(let units):
      "all \(units) of \(units) units would be deleted; a network has at least one"
    }
  }
}

/// The units that are to be deleted, as the command line names them.
public enum UnitSelection: Sendable, Hashable {
  /// Ranges, first and last unit of each.
  case units([ClosedRange<Int>])
  case module(Int)

  /// Units and ranges separated by commas: "3,7,10-12".
  public init(text: String) throws(UnitListError) {
    var ranges: [ClosedRange<Int>] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let ends = part.split(separator: "-", omittingEmptySubsequences: false)
      let numbers = ends.compactMap { end in
        !end.isEmpty && end.utf8.allSatisfy { $0 >= 0x30 && $0 <= 0x39 } ? Int(end) : nil
      }
      guard (1...2).contains(ends.count), numbers.count == ends.count, let last = numbers.last
      else { throw .syntax(text) }
      guard numbers[0] <= last else { throw .reversed(first: numbers[0], last: last) }
      ranges.append(numbers[0]...last)
    }
    self = .units(ranges)
  }

  /// The units that stay, ascending.
  public func kept(in network: Specification) throws(UnitListError) -> [Int] {
    let n = network.units
    var isRemoved = [Bool](repeating: false, count: n)
    switch self {
    case .module(let index):
      guard network.modules.indices.contains(index) else {
        throw .moduleOutOfRange(module: index, modules: network.modules.count)
      }
      for unit in network.moduleRanges[index] { isRemoved[unit] = true }
    case .units(let ranges):
      for range in ranges {
        guard range.upperBound < n else {
          throw .unitOutOfRange(unit: max(n, range.lowerBound), units: n)
        }
        for unit in range {
          guard !isRemoved[unit] else { throw .repeated(unit: unit) }
          isRemoved[unit] = true
        }
      }
    }
    let kept = (0..<n).filter { !isRemoved[$0] }
    guard !kept.isEmpty else { throw .everything(units: n) }
    return kept
  }
}

extension Specification {
  /// The units of each module.
  var moduleRanges: [Range<Int>] {
    var start = 0
    return modules.map { size in
      start += size
      return (start - size)..<start
    }
  }
}
