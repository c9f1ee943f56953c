import LingerModel
import LingerReport
import LingerSolve

extension Specification {
  /// What the header of a proof says was asked; `released` is nil for a check.
  func origin(
    of property: Property,
    releasing released: [String]? = nil,
    by engine: TimedEngine,
    lemmas: [String],
    locationLimit: Int?
  ) -> ProofOrigin {
    ProofOrigin(
      property: property.name,
      profile: profile,
      parameters: parameters,
      released: released,
      engine: engine.rawValue,
      lemmas: lemmas,
      locationLimit: locationLimit
    )
  }

  /// Asks the question of a saved proof again, and compares the proofs.
  ///
  /// The checker is deterministic: the same spec and question give the same obligations. Where they
  /// differ, the file proves something of another spec, or was written by another version.
  func prove(
    again proof: ProofSeal.Proof,
    from origin: ProofOrigin,
    budget: Budget
  ) -> RecheckedFile.Comparison {
    func compared(
      _ answer: RecheckedFile.Comparison.Answer,
      _ words: String
    ) -> RecheckedFile.Comparison {
      RecheckedFile.Comparison(property: origin.property, answer: answer, words: words)
    }
    guard let model, let engine = TimedEngine(rawValue: origin.engine) else {
      return compared(.unanswerable, "\(path) has errors")
    }
    guard timedInvariantNames.contains(origin.property) else {
      return compared(.unanswerable, "\(path) has no timed invariant '\(origin.property)'")
    }
    let found: Certificate?
    let words: String
    if let released = origin.released {
      var options = SynthesisOptions(
        property: origin.property,
        parameters: released,
        budget: budget
      )
      options.locationLimit = origin.locationLimit
      options.wantsCertificate = true
      options.timedEngine = engine
      options.lemmas = origin.lemmas
      do throws(UnanswerableQuestion) {
        let synthesis = try synthesize(options)
        found = synthesis.certificate
        words = "no condition is proved to be the weakest now"
      } catch {
        return compared(.unanswerable, error.message)
      }
    } else {
      var options = CheckOptions()
      options.properties = [origin.property]
      options.locationLimit = origin.locationLimit
      options.wantsCertificates = true
      options.timedEngine = engine
      options.lemmas = origin.lemmas
      options.budget = budget
      let result = check(options)
      let name = model.properties.firstIndex { $0.name == origin.property }
      found = result.certificates.first { $0.property == origin.property }
      let verdict = result.report?.results.first { $0.question == name.map { .property($0) } }
      words = verdict.map { "the property \(Self.words($0.verdict)) now" } ?? "it is not decided"
    }
    guard let found else {
      if let reason = budget.exhaustion { return compared(.unknown, reason.text) }
      return compared(.different, "\(path) gives no such proof: \(words)")
    }
    if let words = difference(of: proof, from: found.text) { return compared(.different, words) }
    return compared(.same, "the spec gives the same obligations")
  }

  private static func words(_ verdict: Verdict) -> String {
    switch verdict {
    case .holds: "holds without a proof by obligations"
    case .violated: "is violated"
    case .unknown(let reason): "is unknown (\(reason))"
    }
  }

  /// What is different, in words; nil where the proofs are line for line the same.
  private func difference(of proof: ProofSeal.Proof, from text: String) -> String? {
    let lines = ProofSeal.lines(of: text)
    let place = zip(proof.lines, lines).enumerated().first { $0.element.0 != $0.element.1 }
    if let place {
      return "line \(proof.line + place.offset) is another than \(path) gives now: "
        + "'\(Self.short(place.element.1))'"
    }
    guard lines.count == proof.lines.count else {
      return "\(path) gives \(lines.count) lines, the file has \(proof.lines.count)"
    }
    return nil
  }

  private static func short(_ line: Substring) -> String {
    line.count <= 80 ? String(line) : "\(line.prefix(77))..."
  }
}
