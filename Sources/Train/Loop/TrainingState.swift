internal import Certify
internal import Checkpoints

/// What a run needs to go on exactly: parameters, the optimiser's moments, and what they belong to.
struct TrainingState: Sendable {
  let θ: [Double]
  let m: [Double]
  let v: [Double]
  let steps: Int
  let seconds: Double

  init(θ: [Double], m: [Double], v: [Double], steps: Int, seconds: Double) {
    (self.θ, self.m, self.v, self.steps, self.seconds) = (θ, m, v, steps, seconds)
  }

  /// What must be the same for a run to go on: task, network, training plan, data and the networks that modules come
  /// from.
  static func identity(
    _ configuration: Configuration, _ data: TaskData
  ) throws(TrainingError) -> String {
    var training = configuration.training
    // How long it goes and how often it looks may change.
    training.evaluateEvery = nil
    training.target = nil
    var sources = ""
    for path in configuration.network.sources {
      do {
        sources += try Digest(ofFileAt: path).hex
      } catch {
        throw .data("network.sources: \(error)")
      }
    }
    return
      "\(configuration.task)\n\(configuration.network)\n\(training)\n\(data.fingerprint)\n\(sources)"
  }

  func write(
    to path: String, layout: ParameterLayout, _ digest: Digest
  ) throws(CheckpointError) {
    var tensors: [Tensor] = []
    for (prefix, values) in [("parameter", θ), ("first", m), ("second", v)] {
      for part in layout.parts {
        tensors.append(
          try Tensor(
            name: "\(prefix).\(part.name)", shape: part.shape, doubles: Array(values[part.range])))
      }
    }
    try writeSafetensors(
      tensors,
      metadata: [
        "certify.training": "certify.training/v1", "steps": "\(steps)", "seconds": "\(seconds)",
        "run": digest.hex,
      ], to: path)
  }

  /// - Throws: `.resume` for a state of another configuration, data or shape.
  init(path: String, layout: ParameterLayout, _ digest: Digest) throws(TrainingError) {
    do {
      let file = try Checkpoint(contentsOf: path)
      guard file.metadata["certify.training"] == "certify.training/v1",
        let steps = file.metadata["steps"].flatMap(Int.init), steps >= 0,
        let seconds = file.metadata["seconds"].flatMap(Double.init)
      else { throw TrainingError.resume("\(path) is not the state of a training run") }
      guard file.metadata["run"] == digest.hex else {
        throw TrainingError.resume(
          "\(path) belongs to another configuration, seed or data; a run goes on with what it began with"
        )
      }
      func values(_ prefix: String) throws -> [Double] {
        var all: [Double] = []
        for part in layout.parts {
          let own = try file.doubles(named: "\(prefix).\(part.name)")
          guard own.count == part.range.count else {
            throw TrainingError.resume("\(path): \(prefix).\(part.name) has another size")
          }
          all += own
        }
        return all
      }
      θ = try values("parameter")
      m = try values("first")
      v = try values("second")
      (self.steps, self.seconds) = (steps, seconds)
    } catch let error as TrainingError {
      throw error
    } catch {
      throw .resume("\(path): \(error)")
    }
  }
}
