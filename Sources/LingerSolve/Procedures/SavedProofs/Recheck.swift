import LingerModel

/// What became of one obligation of a saved proof.
package struct RecheckedObligation: Sendable {
  package var name: String?
  /// Where it stands in the file, from 1.
  package var line: Int
  package var answer: CheckAnswer
}

/// Checks the obligations of a saved proof again, each by itself: it is a proof if every one is
/// unsatisfiable.
///
/// - Throws: where and why the text is not a proof.
package func recheck(
  _ text: String,
  options: TimedOptions = TimedOptions()
) throws(ProofFile.Unreadable) -> [RecheckedObligation] {
  let limits = SolverLimits(resourceUnits: options.resourceUnits)
  var results: [RecheckedObligation] = []
  for obligation in try ProofFile(text).obligations {
    var answer = CheckAnswer.unknown(.interrupted)
    if !options.budget.isExhausted {
      do throws(Z3Error) {
        // A context of its own: nothing of one obligation can lean on another.
        let context = try SolverContext()
        let watch = InterruptWatch(context.interrupter, options.budget)
        defer { watch.end() }
        answer = try context.checkScript(obligation.text, limits: limits)
      } catch {
        guard error == .interrupted else {
          throw ProofFile.Unreadable(line: obligation.line, reason: reason(error))
        }
      }
    }
    if case .unknown(let reason) = answer {
      answer = .unknown(.other(options.reason(for: reason).text))
    }
    results.append(
      RecheckedObligation(name: obligation.name, line: obligation.line, answer: answer)
    )
  }
  return results
}

/// What Z3 says of a text that it cannot read, on one line: it counts lines from the start of the
/// obligation, which tells a reader nothing.
private func reason(_ error: Z3Error) -> String {
  guard case .failure(_, let message, _) = error, let start = message.firstRange(of: ": ") else {
    return "\(error)"
  }
  let rest = message[start.upperBound...].prefix { $0 != "\"" && $0 != "\n" }
  return "Z3 cannot read it: \(rest)"
}
