/// The exit statuses of the contract.
package enum ExitStatus: Int32, Error, CaseIterable {
  case certified = 0
  case refuted = 1
  case internalError = 2
  case rejected = 3
  case usage = 4
  case undecided = 5

  /// The status of a run over several models: the first that occurs among 2, 4, 3, 1, 5, 0.
  package static func worst(_ statuses: some Sequence<ExitStatus>) -> ExitStatus {
    let order: [ExitStatus] = [.internalError, .usage, .rejected, .refuted, .undecided]
    let seen = Set(statuses)
    return order.first(where: seen.contains) ?? .certified
  }
}

/// A command that cannot go on: one line for people, and the status.
package struct CommandFailure: Error {
  package let status: ExitStatus
  package let message: String

  package init(status: ExitStatus, message: String) {
    self.status = status
    self.message = message
  }
}
