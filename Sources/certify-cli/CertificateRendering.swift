import Markup
import Certify
import CertifyKernel
import Checkpoints

extension CertificateFile {
  /// The claims as a tree, one line a node, before anything is checked.
  var treeText: String {
    var lines = [
      "\(Self.schema): \(counted(specification.units, "unit")), form \(specification.form.rawValue), "
        + "\(claims.count) claim\(claims.count == 1 ? "" : "s") (not checked here; see certify verify)"
    ]
    for claim in claims {
      switch claim.claim {
      case .contracts(let proof):
        lines.append("\(claim.scope.rawValue): contracts")
        lines += proof.lines(claim.scope, units: specification.units, indent: "  ")
      case .unstable(let instability):
        lines.append("\(claim.scope.rawValue): does not contract")
        lines.append(
          "  \(instability.refutation.rawValue)  slopes at the upper end at "
            + "\(instability.active.count) of \(specification.units) units")
      }
    }
    return lines.joined(separator: "\n")
  }

  var treeJSONLine: String {
    let trees = claims.map { claim -> JSONValue in
      switch claim.claim {
      case .contracts(let proof):
        [
          "scope": .string(claim.scope.rawValue), "verdict": .string("certified"),
          "proof": proof.json(units: specification.units),
        ]
      case .unstable(let instability):
        [
          "scope": .string(claim.scope.rawValue), "verdict": .string("refuted"),
          "rule": .string(instability.refutation.rawValue),
          "activeUnits": .array(instability.active.map { .number(JSONNumber(Int($0))) }),
        ]
      }
    }
    let object: JSONObject = [
      "schema": .string("certify.tree/v1"), "units": .number(JSONNumber(specification.units)),
      "claims": .array(trees),
    ]
    return String(decoding: JSONValue.object(object).orderedBytes, as: UTF8.self)
  }
}

extension Proof {
  fileprivate func lines(_ scope: Scope, units: Int, indent: String) -> [String] {
    let bound =
      scope == .continuous
      ? "rate>=\(roundedDown(self.bound))" : "factor<=\(factorText(self.bound))"
    var lines = ["\(indent)\(rule.rawValue)  \(bound)  \(units) unit\(units == 1 ? "" : "s")"]
    switch argument {
    case .assembly(let assembly):
      let hub: Int? =
        if case .globalWorkspace(let hub) = assembly.structure { hub } else { nil }
      for (index, (units, proof)) in zip(assembly.components, assembly.proofs).enumerated() {
        var child = proof.lines(scope, units: units.count, indent: indent + "  ")
        child[0] += proof.budget(below: self, scope)
        if index == hub { child[0] += "  (hub)" }
        lines += child
      }
    case .step(let step): lines += step.flow.lines(.continuous, units: units, indent: indent + "  ")
    default: break
    }
    return lines
  }

  /// What couplings may take from a module before the node above would miss its bound.
  private func budget(below parent: Proof, _ scope: Scope) -> String {
    let room = scope == .continuous ? bound - parent.bound : parent.bound - bound
    return "  budget \(roundedDown(max(0, room), digits: 3))"
  }

  fileprivate func json(units: Int) -> JSONValue {
    var children: [JSONValue] = []
    switch argument {
    case .assembly(let assembly):
      children = zip(assembly.components, assembly.proofs).map { $1.json(units: $0.count) }
    case .step(let step): children = [step.flow.json(units: units)]
    default: break
    }
    return [
      "rule": .string(rule.rawValue), "bound": number(bound),
      "units": .number(JSONNumber(units)), "children": .array(children),
    ]
  }
}
