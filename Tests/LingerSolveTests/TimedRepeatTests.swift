import LingerModel
import LingerSolve
import LingerTestSupport
import Testing

/// The same question has the same answer, byte for byte: again, and beside others.
@Suite struct TimedRepeatTests {
  static let seeds = Seeds(for: "repeated questions")

  /// A question to a spec, and whether it is for a condition.
  private struct Case: Sendable {
    var name: String
    var model: Model
    var property: Int
    var isSynthesis: Bool

    /// Everything that the answer says: verdict, note, times, formula, certificate.
    func answer() -> String {
      var options = TimedOptions()
      options.resourceUnits = 10_000_000
      if isSynthesis {
        let released = model.parameters.indices.first { model.parameters[$0].type == .duration }
        return "\(synthesize(model, property: property, for: [released ?? 0], options: options))"
      }
      return "\(checkTimed(model, property: property, options: options))"
    }
  }

  @Test("an answer is the same again, and in four tasks at once")
  func repeats() async throws {
    let cases = try cases()
    try #require(cases.count >= 20)
    let first = cases.map { $0.answer() }
    for (question, answer) in zip(cases, first) {
      #expect(question.answer() == answer, "\(question.name), seed \(Self.seeds.first)")
    }
    await withTaskGroup(of: [String].self) { group in
      for shift in 0..<4 {
        // Each in another order, so that different questions are asked at the same time.
        let order = cases.indices.map { ($0 + shift * cases.count / 4) % cases.count }
        group.addTask {
          var answers = [String](repeating: "", count: cases.count)
          for index in order { answers[index] = cases[index].answer() }
          return answers
        }
      }
      for await answers in group {
        for (index, answer) in answers.enumerated() {
          #expect(answer == first[index], "\(cases[index].name), seed \(Self.seeds.first)")
        }
      }
    }
  }

  private func cases() throws -> [Case] {
    var result: [Case] = []
    // A random spec's condition may have no end; these have one.
    let close = try SpecFiles.model("tcp-timing/LastFin.linger", setting: [("resends", "1")])
    for model in [close, try SpecFiles.model("lease/Lease.linger")] {
      for property in model.properties.indices
      where model.properties[property].kind == .timedInvariant {
        for isSynthesis in [false, true] {
          let name = model.properties[property].name
          result.append(
            Case(name: name, model: model, property: property, isSynthesis: isSynthesis)
          )
        }
      }
    }
    var number = 0
    while result.count < 24 {
      let sample = try TimedSample(seed: Self.seeds.seed(number))
      number += 1
      guard sample.hasGraph(upTo: 25) else { continue }
      let timely = sample.questions.first { property in
        sample.expected(property) != sample.expected(property, timeless: true)
      }
      guard let timely else { continue }
      result.append(
        Case(
          name: "\(sample)",
          model: sample.model,
          property: timely,
          isSynthesis: false
        )
      )
    }
    return result
  }
}
