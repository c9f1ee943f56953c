import LingerModel

extension DrivenSpec {
  /// The text for people.
  func text(_ style: TextStyle) -> String {
    guard spec.context != nil else { return "" }
    let glyphs = style.glyphs
    var lines: [String] = []
    if !adapterChecks.isEmpty { return checksText(style) }
    if let problem {
      lines.append("\(glyphs.unknown) \(subject): \(problem)")
    } else if !failures.isEmpty {
      for failure in failures { lines += failure.lines(subject, style) }
      if failures.count > 1 { lines += sorts }
    } else if exitCode == 0 {
      let runs = runCount == 0 ? count(regressionCount, "replay") : count(runCount, "run")
      lines.append("\(glyphs.holds) \(subject) conforms in \(runs)")
    } else if let inputError {
      lines.append("\(glyphs.unknown) \(subject): \(inputError)")
    } else {
      lines.append("\(glyphs.unknown) \(subject): unknown: \(undecided ?? "")")
    }
    if runCount + regressionCount > 0, problem == nil { lines += summary }
    return lines.joined(separator: "\n") + "\n"
  }

  private func checksText(_ style: TextStyle) -> String {
    let glyphs = style.glyphs
    let lines = adapterChecks.map { check in
      let mark = check.problem == nil ? glyphs.holds : glyphs.violated
      return "\(mark) \(check.name)" + (check.problem.map { ": \($0)" } ?? "")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private var sorts: [String] {
    ["\(count(failures.count, "sort")) of failure:"] + failures.map { "  \($0.kind): \($0.sort)" }
  }

  private var summary: [String] {
    var lines: [String] = []
    let taken = coverage.count { $0.count > 0 }
    var runs = "  \(count(runCount, "run"))"
    if regressionCount > 0 { runs += ", \(count(regressionCount, "replay"))" }
    runs += ", \(count(exchangeCount, "exchange")), seed \(seed)"
    if refusedCount > 0 { runs += ", \(count(refusedCount, "input")) refused" }
    lines.append(runs)
    lines.append(
      "  \(taken) of \(count(coverage.count, "transition")) taken, \(count(pairCount, "pair"))"
        + (cellCount > 0 ? ", \(grouped(triedCellCount)) of \(count(cellCount, "cell"))" : "")
        + "; at most \(count(highWater, "belief"))"
    )
    let missed = coverage.filter { $0.count == 0 }.map(\.transition)
    if !missed.isEmpty, failure == nil {
      lines.append("  not taken: \(missed.joined(separator: ", "))")
    }
    for end in ends { lines.append("  \(count(end.count, "run")) ended early: \(end.reason)") }
    if let interruption, failure == nil { lines.append("  stopped: \(interruption)") }
    return lines
  }
}

extension DrivenFailure {
  fileprivate func lines(_ subject: String, _ style: TextStyle) -> [String] {
    let glyphs = style.glyphs
    let place = run.map { " in run \($0)" } ?? replay.map { " in \($0)" } ?? ""
    let verb = trace == nil ? "fails" : "violates the spec"
    var lines = ["\(glyphs.violated) \(subject) \(verb): \(kind)\(place)"]
    let width = String(steps.count).count
    for (number, step) in steps.enumerated() {
      let label = String(repeating: " ", count: width - String(number + 1).count) + "\(number + 1)"
      lines.append("  \(label). \(seconds(step.time)): \(step.text)")
      let indentation = String(repeating: " ", count: width + 6)
      for output in step.outputs { lines.append("\(indentation)\(output)") }
      if let state = step.state { lines.append("\(indentation)(\(state))") }
    }
    if originalCount > steps.count {
      lines.append("  (shrunk from \(count(originalCount, "step")))")
    }
    if let text { lines.append("  \(text)") }
    if let finding = trace?.finding { lines += finding.lines(style) }
    if let rate, rate.failed < rate.of {
      lines.append("  flaky: \(rate.failed) of \(rate.of) repetitions fail")
    }
    if !log.isEmpty {
      lines.append("  the end of its standard error:")
      lines += log.split(separator: "\n").suffix(8).map { "    \($0)" }
    }
    return lines
  }
}
