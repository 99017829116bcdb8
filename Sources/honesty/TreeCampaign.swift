internal import CertifyKernel
internal import TestSupport

/// Random trees of modules, each at the best bound that the kernel accepts, judged by the exact oracle.
package struct TreeCampaign: Sendable {
  let count: Int
  let seed: UInt64
  let threads: Int
  /// The only case to run, if there is one.
  let only: Int?
  /// No network has more units than this.
  private(set) var largest = 10

  package init(_ options: HonestyOptions) {
    count = options.trees
    seed = options.seed
    threads = options.threads
    only = options.only
    largest = min(options.largest, largest)
  }

  /// Runs all cases; the result does not depend on the number of threads.
  package func run() -> TreeTally {
    runCases(only == nil ? count : 1, threads: threads) { run(case: only ?? $0, &$1) }
  }

  func run(case index: Int, _ tally: inout TreeTally) {
    var generator = SplitMix64(seed: seed &* 0x2_0000_0000 &+ UInt64(index))
    let kinds: [RandomTree.Kind] = [.flow, .flow, .map, .step]
    let kind = kinds[index % kinds.count]
    // Mostly small networks, whose every vertex is soon looked at.
    let draw = generator.integer(in: 0...199)
    let units = min(
      largest,
      draw < 150
        ? generator.integer(in: 2...4)
        : draw < 198 ? generator.integer(in: 5...6) : generator.integer(in: 7...10))
    tally.networks += 1
    guard
      let tree = RandomTree(
        units: units, depth: generator.integer(in: 1...4), kind: kind, &generator)
    else { return }
    let judgement = ExactNetwork(tree.network).judge(tree.certificate, slopeLimit: 12)
    var contradiction: String?
    if case .contradicted(let why) = judgement {
      contradiction =
        "seed \(seed) case \(index): \(why)\n  \(tree.network)\n  \(tree.certificate)"
    }
    tally.accept(tree.rules, contradiction: contradiction)
  }
}

/// What was accepted of the trees, and what of it was false.
package struct TreeTally: Tally {
  package var networks = 0
  package private(set) var accepted = 0
  /// By the rule at the root, and by the rules anywhere in the tree.
  private(set) var roots: [Rule: Int] = [:]
  private var anywhere: [Rule: Int] = [:]
  /// Each false acceptance, with what replays it.
  package private(set) var contradictions: [String] = []

  package init() {}

  var progress: (accepted: Int, contradicted: Int) { (accepted, contradictions.count) }

  mutating func accept(_ rules: [Rule], contradiction: String?) {
    accepted += 1
    roots[rules[0], default: 0] += 1
    for rule in Set(rules) { anywhere[rule, default: 0] += 1 }
    if let contradiction { contradictions.append(contradiction) }
  }

  mutating func merge(_ other: TreeTally) {
    networks += other.networks
    accepted += other.accepted
    roots.merge(other.roots, uniquingKeysWith: +)
    anywhere.merge(other.anywhere, uniquingKeysWith: +)
    contradictions += other.contradictions
  }

  package var table: String {
    func pad(_ text: String, _ width: Int) -> String {
      text + String(repeating: " ", count: max(0, width - text.count))
    }
    var lines = ["\(pad("rule", 18))\(pad("root", 9))in the tree"]
    for rule in Rule.allCases where anywhere[rule] != nil {
      lines.append(
        pad(rule.rawValue, 18) + pad(String(roots[rule, default: 0]), 9)
          + String(anywhere[rule, default: 0]))
    }
    lines.append(
      "\(networks) networks, \(accepted) accepted, \(contradictions.count) false")
    lines += contradictions.prefix(20).map { "FALSE: " + $0 }
    return lines.joined(separator: "\n")
  }
}
