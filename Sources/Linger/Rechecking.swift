import LingerReport
import LingerSolve

/// A saved proof, checked again.
package struct Recheck: Sendable {
  package let path: String
  private let obligations: [RecheckedObligation]

  /// Checks every obligation of a saved proof by itself.
  ///
  /// - Throws: where and why the text is not a proof; a line for standard error.
  package init(
    _ bytes: [UInt8],
    path: String,
    shouldStop: @escaping @Sendable () -> String?
  ) throws(UnanswerableQuestion) {
    self.path = path
    var options = TimedOptions()
    options.shouldStop = shouldStop
    do throws(ProofFile.Unreadable) {
      let text = String(decoding: bytes, as: UTF8.self)
      try ProofSeal.check(text)
      obligations = try recheck(text, options: options)
    } catch {
      throw UnanswerableQuestion(message: "error: \(path):\(error.line): \(error.reason)\n")
    }
  }

  /// 0 every obligation is met, 1 one is refuted, 3 one is unknown and none is refuted.
  package var exitCode: Int32 {
    if count(of: "sat") > 0 { return 1 }
    return count(of: "unknown") > 0 ? 3 : 0
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
    return output + "\n\(closing)\n"
  }

  package var json: JSONText {
    JSONText(
      value: .object([
        "path": .string(path), "exitCode": .integer(Int(exitCode)),
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
    if unknown > 0 { return "\(path): unknown: \(unknown) of \(all) could not be decided" }
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

extension RecheckedObligation {
  fileprivate var words: String {
    if case .unknown(let reason) = answer { return "unknown: \(reason)" }
    return answer.word
  }
}
