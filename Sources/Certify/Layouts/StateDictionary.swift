/// The names of a state dictionary without what wrappers put in front of them.
///
/// torch.compile puts `_orig_mod.` and DataParallel `module.` before every name, possibly both; they are
/// stripped. Any other prefix (`model.rnn.`) stays and tells the modules of a model apart.
struct StateDictionary {
  /// Shapes by stripped name.
  private let shapes: [String: [Int]]
  /// The name in the file by stripped name.
  private let stored: [String: String]

  /// Nil if two names are the same once stripped.
  init?(_ tensors: [(name: String, shape: [Int])]) {
    var shapes: [String: [Int]] = [:]
    var stored: [String: String] = [:]
    for (name, shape) in tensors {
      let short = Self.stripped(name)
      guard shapes.updateValue(shape, forKey: short) == nil else { return nil }
      stored[short] = name
    }
    self.shapes = shapes
    self.stored = stored
  }

  static func stripped(_ name: String) -> String {
    var rest = Substring(name)
    while let wrapper = ["_orig_mod.", "module."].first(where: { rest.hasPrefix($0) }) {
      rest = rest.dropFirst(wrapper.count)
    }
    return String(rest)
  }

  func shape(_ name: String) -> [Int]? { shapes[name] }

  /// The name in the file; the stripped one if there is no such tensor.
  func storedName(_ name: String) -> String { stored[name] ?? name }

  /// What stands before `ending` in the names that end with it as whole components, sorted.
  func prefixes(before ending: String) -> [String] {
    shapes.keys.compactMap { name -> String? in
      guard name.hasSuffix(ending) else { return nil }
      let prefix = String(name.dropLast(ending.count))
      return prefix.isEmpty || prefix.hasSuffix(".") ? prefix : nil
    }.sorted()
  }

  /// Whether any name starts so.
  func contains(prefix: String) -> Bool { shapes.keys.contains { $0.hasPrefix(prefix) } }

  /// The names that start so and end so, sorted.
  func names(prefix: String) -> [String] { shapes.keys.filter { $0.hasPrefix(prefix) }.sorted() }
}

/// What a recognised layout says of a network; the same things a manifest says.
struct RecognisedLayout {
  /// One line: which layout, where, of what size.
  let line: String
  let form: FormOfLayout
  /// Names as in the file.
  let recurrent: TensorSource
  let parametrisation: Parametrisation?
  /// Sizes of layers; nil for one module.
  let modules: [Int]?
  /// Input weights and biases: no claim depends on them, but they have to be finite.
  let companions: [String]
}

/// The two forms that layouts have.
enum FormOfLayout { case inside, map }

/// What a detector makes of a state dictionary.
enum LayoutMatch {
  case recognised(RecognisedLayout)
  /// Known, and outside what the theorems speak of.
  case unsupported(reason: String)
  /// Known by its names, with a tensor of the wrong shape.
  case misshapen(reason: String)
}
