import ArgumentParser
import Certify
import CertifyKernel
import Checkpoints
import Dispatch
import Synchronization

/// `certify audit recipe FILE...`
struct AuditRecipe: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "recipe",
    abstract: "Draw networks as a recipe says, and count how many are certified and refuted.",
    discussion: """
      Counts are checked by the kernel. Columns marked ~ are floating point: the norm of the coupling L (mean \
      [least, greatest]), the spectral radius of the Euler map, the largest real part of J and the norm of the Euler \
      map in the metric of the couplings, with all slopes at the lower end (D=0), at the upper end (D=I), and with \
      a random half up. The last column is the least over the networks of the largest step that was certified.

      Exit status: 0 all networks certified in every scope, 1 some refuted or a diagnosis, 5 some undecided.
      """)

  @ArgumentParser.Argument(help: ArgumentHelp("Recipes (TOML).", valueName: "file"))
  var files: [String] = []

  @Option(help: "Draw this many networks instead of what the recipe says.")
  var networks: Int?

  @Option(help: "text or json (one object a line).")
  var format: OutputFormat = .text

  func validate() throws {
    guard !files.isEmpty else { throw ValidationError("name at least one recipe") }
    if let networks, networks < 1 {
      throw ValidationError("--networks \(networks): at least 1 is drawn")
    }
  }

  func run() throws {
    let recipes = try files.map { try read($0) }
    if format == .text { standardOutput(RecipeAudit.header(recipes.map(\.name))) }
    var statuses: [ExitStatus] = []
    for recipe in recipes {
      let audit = try judge(recipe)
      statuses.append(audit.status)
      standardOutput(format == .text ? audit.text(recipes.map(\.name)) : audit.jsonLine)
    }
    let worst = ExitStatus.worst(statuses)
    if worst != .certified { throw worst }
  }

  private func read(_ file: String) throws -> Recipe {
    do {
      var recipe = try Recipe(path: file)
      if let networks { recipe.networks = networks }
      return recipe
    } catch {
      throw CommandFailure(status: .usage, message: error.description)
    }
  }

  private func judge(_ recipe: Recipe) throws -> RecipeAudit {
    let slots = Mutex<[Int: Result<RecipeOutcome, AuditError>]>([:])
    DispatchQueue.concurrentPerform(iterations: recipe.networks) { k in
      let result = outcome(recipe, k)
      slots.withLock { $0[k] = result }
    }
    var outcomes: [RecipeOutcome] = []
    for (_, result) in slots.withLock({ $0 }).sorted(by: { $0.key < $1.key }) {
      switch result {
      case .success(let outcome): outcomes.append(outcome)
      case .failure(let error):
        throw CommandFailure(status: .usage, message: error.description)
      }
    }
    do {
      return RecipeAudit(
        recipe, outcomes: outcomes, diagnoses: try RecipeAudit.diagnoses(recipe))
    } catch {
      throw CommandFailure(status: .usage, message: error.description)
    }
  }
}

private func outcome(_ recipe: Recipe, _ k: Int) -> Result<RecipeOutcome, AuditError> {
  do {
    return .success(try RecipeAudit.outcome(recipe, network: k))
  } catch {
    return .failure(error)
  }
}
