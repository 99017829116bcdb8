import Checkpoints

// Documents as trees to be changed in one place.

extension JSONValue {
  enum Step: Sendable, Hashable, ExpressibleByStringLiteral, ExpressibleByIntegerLiteral {
    case name(String)
    case index(Int)
    init(stringLiteral value: String) { self = .name(value) }
    init(integerLiteral value: Int) { self = .index(value) }
  }

  func at(_ path: [Step]) -> JSONValue? {
    path.reduce(self) { value, step in
      switch step {
      case .name(let name): value?[name]
      case .index(let index): value?.array?[index]
      }
    }
  }

  /// The value with another one at a path; a name that is not there is added.
  func replacing(_ path: [Step], with value: JSONValue) -> JSONValue {
    guard let step = path.first else { return value }
    let rest = Array(path.dropFirst())
    switch (step, self) {
    case (.name(let name), .object(let object)):
      var changed = JSONObject()
      for member in object.members {
        let isHere = member.name == name
        changed.append(
          member.name, isHere ? member.value.replacing(rest, with: value) : member.value)
      }
      changed.append(name, JSONValue.null.replacing(rest, with: value))
      return .object(changed)
    case (.index(let index), .array(var items)):
      items[index] = items[index].replacing(rest, with: value)
      return .array(items)
    default: return value
    }
  }

  func removing(_ path: [Step], _ name: String) -> JSONValue {
    var changed = JSONObject()
    for member in at(path)?.object?.members ?? [] where member.name != name {
      changed.append(member.name, member.value)
    }
    return replacing(path, with: .object(changed))
  }

  /// Everything that is neither an array nor an object with something in it.
  func leaves(_ path: [Step] = []) -> [(path: [Step], value: JSONValue)] {
    switch self {
    case .object(let object) where object.count > 0:
      object.members.flatMap { $0.value.leaves(path + [.name($0.name)]) }
    case .array(let items) where !items.isEmpty:
      items.enumerated().flatMap { $0.element.leaves(path + [.index($0.offset)]) }
    default: [(path, self)]
    }
  }

  /// The paths of all objects.
  func objects(_ path: [Step] = []) -> [[Step]] {
    switch self {
    case .object(let object):
      [path] + object.members.flatMap { $0.value.objects(path + [.name($0.name)]) }
    case .array(let items):
      items.enumerated().flatMap { $0.element.objects(path + [.index($0.offset)]) }
    default: []
    }
  }

  /// Other values of the same kind, and one of another kind.
  var mutations: [JSONValue] {
    switch self {
    case .string(let text):
      if text.hasPrefix("0x") || text.hasPrefix("-0x") {
        let numbers = ["-0x1.8p+3", "0x1.8p+9", "0x0p+0", "1", "nan"]
        return numbers.filter { $0 != text }.map(JSONValue.string) + [.number(JSONNumber(1))]
      }
      let flipped = (text.first == "0" ? "1" : "0") + text.dropFirst()
      return [.string(flipped), .string(text + "x"), .null]
    case .number(let number):
      return [
        .number(JSONNumber((number.integer ?? 0) + 1)), .number(JSONNumber(-1)), .string("x"),
      ]
    case .bool(let value): return [.bool(!value), .null]
    case .null: return [.bool(true), .string("x"), .object([:])]
    case .array, .object: return [.string("x"), .array([.null]), .object(["x": .null])]
    }
  }
}

/// `claims[0].bound` and so on.
func fieldName(_ path: [JSONValue.Step]) -> String {
  path.reduce("") { text, step in
    switch step {
    case .name(let name): text.isEmpty ? name : "\(text).\(name)"
    case .index(let index): "\(text)[\(index)]"
    }
  }
}
