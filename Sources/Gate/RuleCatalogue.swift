public import Certify
import CertifyKernel

/// The stable ids under which problems are reported, with what each means. An id is never used for anything else.
public struct RuleCatalogue: Sendable {
  public struct Entry: Sendable, Hashable {
    public let id: String
    /// In CamelCase, for viewers.
    public let name: String
    public let title: String
    /// A few sentences: what it means and what to do.
    public let help: String
    public let level: GateProblem.Level
    /// The page of the documentation, relative to the root of the package; nil where `help` is all there is.
    public let page: String?
  }

  /// Sorted by id.
  public static let entries: [Entry] = (own + refutations + impossibilities + diagnoses).sorted {
    $0.id < $1.id
  }

  /// The entry of an id; nil for ids that do not exist.
  public static func entry(_ id: String) -> Entry? { entries.first { $0.id == id } }

  private static let own: [Entry] = [
    Entry(
      id: "undecided", name: "Undecided", title: "no proof and no counterexample was found",
      help: """
        The search found neither a metric in which the kernel accepts a contraction rate nor slopes at which the \
        network is unstable. The message names the obstruction that came nearest, by how much it misses, and what \
        to try. Undecided is not certified: a gate that asks for certified networks fails.
        """, level: .error, page: page(of: "HowTo/Undecided")),
    Entry(
      id: "rejected", name: "Rejected", title: "the file is unsafe, malformed or not understood",
      help: """
        The file was not judged: it could execute code when loaded, breaks its format, holds numbers that are not \
        finite, or does not say which tensors make the network. The message has the code and the place. \
        `certify inspect FILE` lists the tensors; `certify inspect --manifest-template` writes a description to fill in.
        """, level: .error, page: page(of: "HowTo/DescribeACheckpoint")),
    Entry(
      id: "misconfigured", name: "Misconfigured",
      title: "the request does not fit the model",
      help: """
        A manifest, a step or a scope was asked for that this model cannot have. Nothing was judged.
        """, level: .error, page: problems),
    Entry(
      id: "internal-error", name: "InternalError", title: "the tool could not finish",
      help:
        "A certificate could not be written, or the tool met an error of its own. The verdict stands.",
      level: .error, page: problems),
    Entry(
      id: "rate-not-met", name: "RateNotMet", title: "certified, at a lower rate than asked for",
      help: """
        The network contracts, at a certified rate below the one that --rate or a policy asks for. The true rate may \
        be higher than the certified one.
        """, level: .error, page: problems),
    Entry(
      id: "not-certified-as-run", name: "NotCertifiedAsRun",
      title: "certified in continuous time only",
      help: """
        The policy asks for the map that runs, and the model does not say how it is advanced. Give the step in the \
        manifest or by --step: a flow that contracts may be unstable as the Euler map that really runs.
        """, level: .error, page: page(of: "Rules/Steps")),
    Entry(
      id: "step-not-certified", name: "StepNotCertified",
      title: "not certified at the step that is asked for",
      help: "The policy asks for a certificate at one step and the model was judged at another.",
      level: .error, page: page(of: "Rules/Steps")),
    Entry(
      id: "rule-not-allowed", name: "RuleNotAllowed",
      title: "certified by a rule that the policy does not allow",
      help: "The proof uses a rule that is not among the policy's allowed-rules.", level: .error,
      page: problems),
    Entry(
      id: "rate-fell", name: "RateFell", title: "certified, at a lower rate than in the baseline",
      help: """
        The network is certified, at a rate more than one part in 10^9 below that of the earlier run named by --baseline.
        """, level: .error, page: problems),
  ]

  private static let refutations: [Entry] = Refutation.allCases.map { refutation in
    let (name, title, help): (String, String, String) =
      switch refutation {
      case .unstableVertex:
        (
          "UnstableVertex", "some slopes make the network unstable",
          """
          With the slopes named, each within the activation's range, the linearised network has an eigenvalue that \
          does not decay. No metric whatever can certify it. `certify check --witness FILE` writes a state and an \
          input at which the network really has these slopes.
          """
        )
      case .principalMinor:
        (
          "PrincipalMinor", "some units alone make the network unstable",
          """
          With the units named active and all others silent, the determinant of what is left has the wrong sign, so \
          an eigenvalue does not decay. No metric whatever can certify the network.
          """
        )
      case .eulerSkew:
        (
          "EulerSkew", "the step is too large for the couplings",
          """
          With every slope at 0 the linear coupling turns the state faster than the leak shrinks it: the Euler map \
          expands along the direction found. A smaller step, or a semi-implicit, implicit or split one, cures it.
          """
        )
      }
    return Entry(
      id: refutation.rawValue, name: name, title: title, help: help, level: .error,
      page: page(of: "Refutations/\(name)"))
  }

  private static let impossibilities: [Entry] = Impossibility.Kind.allCases.map { kind in
    let (name, title, help): (String, String, String) =
      switch kind {
      case .noConstantMetric:
        (
          "NoConstantMetric", "no constant metric exists",
          """
          A dual certificate shows that no symmetric positive definite matrix certifies this network for all slopes. \
          It may contract all the same, in a metric that depends on the state; nothing here can certify it.
          """
        )
      case .slopeLMIInfeasible:
        (
          "SlopeLMIInfeasible", "the multiplier inequality has no solution",
          """
          A dual certificate shows that the rule slope-lmi cannot certify this network, in any metric and with any \
          multiplier. Other rules may.
          """
        )
      case .perron:
        (
          "Perron", "no diagonal scaling makes the comparison matrix contract",
          """
          The Perron root of the comparison matrix is too large, so absolute-value cannot certify this network in any \
          scaling. Rules that use signs may.
          """
        )
      }
    return Entry(
      id: kind.rawValue, name: name, title: title, help: help, level: .error,
      page: page(of: "Impossibilities/\(name)"))
  }

  private static let diagnoses: [Entry] = DiagnosisKind.allCases.map { kind in
    let words = kind.rawValue.split(separator: "-")
    return Entry(
      id: kind.rawValue, name: words.map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined(),
      title: kind.title, help: "\(kind.title.prefix(1).uppercased() + kind.title.dropFirst()).",
      level: GateProblem.Level(kind.severity),
      page: page(of: "Diagnoses/\(kind.rawValue)"))
  }

  /// What a gate asks beyond a verdict.
  private static let problems = "Sources/Gate/Gate.docc/Problems.md"

  private static func page(of name: String) -> String { "Sources/Certify/Certify.docc/\(name).md" }
}

extension GateProblem.Level {
  public init(_ severity: DiagnosisKind.Severity) {
    switch severity {
    case .error: self = .error
    case .warning: self = .warning
    case .note: self = .note
    }
  }
}
