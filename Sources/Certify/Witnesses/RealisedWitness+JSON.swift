internal import CertifyKernel
package import Checkpoints

extension RealisedWitness {
  /// The witness with the state and the input that realise it; the eigenvalue is floating point.
  package var json: JSONValue {
    var object = witness.object
    object.append("state", .array(state.map { number($0) }))
    object.append("input", .array(input.map { number($0) }))
    object.append("slopes", .string(slopesAreExact ? "exact" : "limit"))
    object.append("holdsNearby", holdsNearby.map(JSONValue.bool) ?? .null)
    object.append(
      "eigenvalueApproximate",
      ["real": number(eigenvalue.real), "imaginary": number(eigenvalue.imaginary)])
    object.append("direction", .array(direction.map { number($0) }))
    return .object(object)
  }
}

extension Replay {
  package var json: JSONValue {
    [
      "separation": number(Replay.separation), "factor": number(factor),
      "finalFactor": number(finalFactor), "steps": .number(JSONNumber(steps)),
      "samples": .array(
        samples.map { .array([number($0.time), number($0.distance)]) }),
    ]
  }
}
