import LingerReport
import LingerSolve

/// A saved proof, checked again.
package struct Recheck: Sendable {
  package let path: String
  private let obligations: [RecheckedObligation]
  /// How each proof of the file compares with a spec's; none where no spec was given.
  private let reproofs: [(property: String, reproof: Reproof)]

  /// Checks every obligation of a saved proof by itself.
  ///
  /// - Parameters:
  ///   - bytes: the content of the file.
  ///   - path: what to call it.
  ///   - load: gives the spec that the proof is held against, with a profile and parameters; nil
  ///     where there is none.
  ///   - shouldStop: asked now and then; a reason stops the work.
  /// - Throws: where and why the text is not a proof; a line for standard error.
  package init(
    _ bytes: [UInt8],
    path: String,
    against load: ((String?, [(name: String, value: String)]) -> Specification)? = nil,
    shouldStop: @escaping @Sendable () -> String?
  ) throws(UnanswerableQuestion) {
    self.path = path
    var options = TimedOptions()
    options.shouldStop = shouldStop
    do throws(ProofFile.Unreadable) {
      let text = String(decoding: bytes, as: UTF8.self)
      let proofs = try ProofSeal.proofs(in: text)
      obligations = try recheck(text, options: options)
      var reproofs: [(property: String, reproof: Reproof)] = []
      if let load {
        for proof in proofs {
          guard let origin = proof.asked.flatMap(ProofOrigin.init) else {
            throw ProofFile.Unreadable(
              line: proof.line + 3,
              reason: "the header does not say what was asked of the spec"
            )
          }
          let spec = load(origin.profile, origin.parameters)
          let reproof = spec.prove(again: proof, from: origin, shouldStop: shouldStop)
          reproofs.append((origin.property, reproof))
        }
      }
      self.reproofs = reproofs
    } catch {
      throw UnanswerableQuestion(message: "error: \(path):\(error.line): \(error.reason)\n")
    }
  }

  /// 0 every obligation is met and what the spec gives, 1 one is refuted or another than the
  /// spec's, 2 the question cannot be asked of the spec, 3 one is unknown and none is refuted.
  package var exitCode: Int32 {
    worstExitCode(
      [count(of: "sat") > 0 ? 1 : 0, count(of: "unknown") > 0 ? 3 : 0]
        + reproofs.map(\.reproof.exitCode)
    )
  }

  /// A line for each obligation and one for them all.
  package func text(style: ReportStyle) -> String {
    let glyphs = style.textStyle.glyphs
    var output = "\(path)\n"
    let widest = obligations.indices.map { name(of: $0).count }.max() ?? 0
    for (index, obligation) in obligations.enumerated() {
      let mark =
        switch obligation.answer {
        case .unsatisfiable: glyphs.holds
        case .satisfiable: glyphs.violated
        case .unknown: glyphs.unknown
        }
      let name = name(of: index) + String(repeating: " ", count: widest - name(of: index).count)
      output += "\(mark) \(name)  \(obligation.words)"
      if obligation.answer != .unsatisfiable { output += "  (line \(obligation.line))" }
      output += "\n"
    }
    for (property, reproof) in reproofs {
      let mark =
        switch reproof {
        case .same: glyphs.holds
        case .different: glyphs.violated
        case .unknown, .unanswerable: glyphs.unknown
        }
      output += "\(mark) \(property)  \(reproof.words)\n"
    }
    return output + "\n\(closing)\n"
  }

  package var json: JSONText {
    JSONText(
      value: .object([
        "path": .string(path), "exitCode": .integer(Int(exitCode)),
        "specs": .array(
          reproofs.map {
            .object([
              "property": .string($0.property), "answer": .string($0.reproof.word),
              "explanation": .string($0.reproof.words),
            ])
          }
        ),
        "obligations": .array(
          obligations.indices.map { index in
            .object([
              "name": .string(name(of: index)), "line": .integer(obligations[index].line),
              "answer": .string(obligations[index].answer.word),
              "explanation": .string(obligations[index].words),
            ])
          }
        ),
      ])
    )
  }

  /// A part of a document that is yet to be put together.
  package struct JSONText: Sendable {
    let value: JSONValue

    init(value: JSONValue) { self.value = value }

    /// What stands there for a file that cannot be read.
    package init(unreadable path: String, message: String) {
      value = .object([
        "path": .string(path), "exitCode": .integer(2),
        "error": .string(message.split(separator: "\n").joined(separator: " ")),
      ])
    }
  }

  /// One document for several files.
  package static func document(_ parts: [JSONText], exitCode: Int32) -> String {
    JSONValue.object([
      "format": .string("linger-recheck"), "version": .integer(1),
      "exitCode": .integer(Int(exitCode)), "files": .array(parts.map(\.value)),
    ]).text
  }

  private func name(of index: Int) -> String {
    obligations[index].name ?? "obligation \(index + 1)"
  }

  private func count(of word: String) -> Int {
    obligations.count { $0.answer.word == word }
  }

  private var closing: String {
    let all = LingerReport.count(obligations.count, "obligation")
    let (refuted, unknown) = (count(of: "sat"), count(of: "unknown"))
    if refuted > 0 { return "\(path): no proof: \(refuted) of \(all) can be satisfied" }
    if reproofs.contains(where: { $0.reproof.word == "different" }) {
      return "\(path): no proof of this spec: it gives other obligations"
    }
    if unknown > 0 { return "\(path): unknown: \(unknown) of \(all) could not be decided" }
    if let open = reproofs.first(where: { $0.reproof.word != "same" }) {
      return "\(path): unknown: \(open.reproof.words)"
    }
    return "\(path): proved: \(all), all unsat"
  }
}

extension CheckAnswer {
  /// As SMT-LIB says it.
  fileprivate var word: String {
    switch self {
    case .unsatisfiable: "unsat"
    case .satisfiable: "sat"
    case .unknown: "unknown"
    }
  }
}

extension Reproof {
  fileprivate var exitCode: Int32 {
    switch self {
    case .same: 0
    case .different: 1
    case .unanswerable: 2
    case .unknown: 3
    }
  }

  fileprivate var word: String {
    switch self {
    case .same: "same"
    case .different: "different"
    case .unknown: "unknown"
    case .unanswerable: "unanswerable"
    }
  }

  fileprivate var words: String {
    switch self {
    case .same: "the spec gives the same obligations"
    case .different(let reason), .unknown(let reason), .unanswerable(let reason): reason
    }
  }
}

extension RecheckedObligation {
  fileprivate var words: String {
    if case .unknown(let reason) = answer { return "unknown: \(reason)" }
    return answer.word
  }
}
