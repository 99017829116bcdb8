/// The learned numbers of a network in one array: named parts with shapes, in the order in which they were added.
package struct ParameterLayout: Sendable, Hashable {
  package struct Part: Sendable, Hashable {
    package let name: String
    package let shape: [Int]
    package let range: Range<Int>
  }

  package private(set) var parts: [Part] = []
  package private(set) var count = 0

  package init() {}

  /// Adds a part and says where it lies.
  package mutating func add(_ name: String, _ shape: [Int]) -> Range<Int> {
    precondition(!parts.contains { $0.name == name }, "two parts named \(name)")
    let size = shape.reduce(1, *)
    let range = count..<(count + size)
    parts.append(Part(name: name, shape: shape, range: range))
    count += size
    return range
  }
}
