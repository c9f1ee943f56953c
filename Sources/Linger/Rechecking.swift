package import LingerModel
package import LingerReport
import LingerSolve

extension RecheckedFile {
  /// Checks every obligation of a saved proof by itself.
  ///
  /// - Parameters:
  ///   - bytes: the content of the file.
  ///   - path: what to call it.
  ///   - load: gives the spec that the proof is held against, with a profile and parameters; nil
  ///     where there is none.
  ///   - budget: what it may take.
  package init(
    _ bytes: [UInt8],
    path: String,
    against load: ((String?, [(name: String, value: String)]) -> Specification)? = nil,
    budget: Budget
  ) {
    var options = TimedOptions()
    options.budget = budget
    do throws(ProofFile.Unreadable) {
      let text = String(decoding: bytes, as: UTF8.self)
      let proofs = try ProofSeal.proofs(in: text)
      let obligations = try recheck(text, options: options)
      var comparisons: [Comparison] = []
      if let load {
        for proof in proofs {
          guard let origin = proof.asked.flatMap(ProofOrigin.init) else {
            throw ProofFile.Unreadable(
              line: proof.line + 3,
              reason: "the header does not say what was asked of the spec"
            )
          }
          let spec = load(origin.profile, origin.parameters)
          comparisons.append(spec.prove(again: proof, from: origin, budget: budget))
        }
      }
      self.init(path: path, .checked(obligations.enumerated().map(Obligation.init), comparisons))
    } catch {
      let message = "error: \(path):\(error.line): \(error.reason)\n"
      self.init(path: path, .unreadable(message: message))
    }
  }
}

extension RecheckedFile.Obligation {
  fileprivate init(number: Int, _ obligation: RecheckedObligation) {
    let answer: Answer
    let words: String
    switch obligation.answer {
    case .unsatisfiable: (answer, words) = (.unsat, "unsat")
    case .satisfiable: (answer, words) = (.sat, "sat")
    case .unknown(let reason): (answer, words) = (.unknown, "unknown: \(reason)")
    }
    let name = obligation.name ?? "obligation \(number + 1)"
    self.init(name: name, line: obligation.line, answer: answer, words: words)
  }
}
