import LingerDiagnostics
import LingerModel
import LingerSyntax

/// What the spec wishes of the audit.
extension Program {
  func buildAudit() {
    var switchedOff: Set<AuditCheck> = []
    for entry in declared.auditEntries {
      guard let check = AuditCheck(named: entry.check.text) else {
        reportUnknownCheck(entry)
        continue
      }
      switch entry.wish {
      case .without where !check.canBeSwitchedOff: reportStays(check, entry)
      case .without:
        guard let subject = entry.subject else {
          switchedOff.insert(check)
          continue
        }
        model.audit.exceptions += exceptions(subject.owner, subject.member, to: check, entry.check)
      case .with: addRestored(check, entry)
      case .expect: addExpectation(check, entry)
      }
    }
    model.audit.switchedOff = AuditCheck.allCases.filter(switchedOff.contains)
  }

  private func reportStays(_ check: AuditCheck, _ entry: AuditEntrySyntax) {
    error(
      .checkStays,
      "'\(check.rawValue)' cannot be switched off",
      at: entry.check.span,
      notes: [
        Diagnostic.Note(
          "a step that ends in an error leads on to no state, so no other verdict would count"
        )
      ],
      help: "mend the error, or exclude it by a guard"
    )
  }

  /// `with not-restored for ROLE.VARIABLE`
  private func addRestored(_ check: AuditCheck, _ entry: AuditEntrySyntax) {
    guard check == .notRestored, let (owner, member) = entry.subject else {
      return reportMisused(
        entry,
        "'with' takes 'not-restored' and a variable",
        help: "write 'with not-restored for Role.variable'; the other checks are made by themselves"
      )
    }
    guard let role = role(owner) else { return }
    let own = model.roles[role].variables
    guard let variable = own.firstIndex(where: { $0.name == member.text }) else {
      error(
        .unknownMember,
        "role '\(declared.roles[role].name.text)' has no variable '\(member.text)'",
        at: member.span,
        fixIts: suggest(member, among: own.map(\.name))
      )
      return
    }
    guard model.final != nil, !model.isFinalEverywhere else {
      return reportMisused(
        entry,
        "'not-restored' is about final states, and the spec does not say which these are",
        help: "write a 'final' that not every state satisfies"
      )
    }
    if model.instances(of: role).contains(where: { model.instances[$0].open.contains(variable) }) {
      return reportMisused(
        entry,
        "'\(member.text)' begins with any value, so that there is none to come back to",
        help: "give it an initial value"
      )
    }
    model.audit.restored.append(AuditSettings.Restored(role: role, variable: variable))
  }

  /// `expect CHECK`, `expect left-open for ROLE.CASE`
  private func addExpectation(_ check: AuditCheck, _ entry: AuditEntrySyntax) {
    guard let question = check.question else {
      return reportMisused(
        entry,
        "'\(check.rawValue)' only warns, and a warning is not expected",
        help: "'without \(check.rawValue) for ...' leaves one out"
      )
    }
    guard model.allQuestions.contains(question) else {
      let needed =
        check == .notRestored
        ? "name a variable, with 'with not-restored for Role.variable'"
        : "write a 'final' that not every state satisfies"
      return reportMisused(
        entry,
        "'\(check.rawValue)' is not asked of this spec, so that it finds nothing",
        help: needed
      )
    }
    var text = check.rawValue
    var control: AuditSettings.Exception?
    if let (owner, member) = entry.subject {
      guard check == .leftOpen else {
        return reportMisused(
          entry,
          "what is expected of '\(check.rawValue)' has no 'for'",
          help: "'left-open' takes the control state that is left open: 'for Role.CASE'"
        )
      }
      guard let named = exceptions(owner, member, to: check, entry.check).first else { return }
      control = named
      text += " for \(owner.text).\(member.text)"
    }
    model.audit.expectations.append(
      AuditSettings.Expectation(check: check, control: control, text: text)
    )
  }

  private func reportMisused(_ entry: AuditEntrySyntax, _ message: String, help: String) {
    error(.auditEntryMisused, message, at: entry.check.span, help: help)
  }

  private func reportUnknownCheck(_ entry: AuditEntrySyntax) {
    let name = entry.check
    guard !name.text.isEmpty else { return }
    let known = AuditCheck.allCases.filter { $0.canBeSwitchedOff || entry.wish == .expect }
      .map(\.rawValue)
    error(
      .unknownCheck,
      "the audit has no check '\(name.text)'",
      at: name.span,
      help: "its checks are \(known.map { "'\($0)'" }.joined(separator: ", "))",
      fixIts: suggest(name, among: known)
    )
  }

  /// What a check leaves out, one thing by its name; nothing, with a report, where there is none.
  private func exceptions(
    _ owner: Identifier,
    _ member: Identifier,
    to check: AuditCheck,
    _ name: Identifier
  ) -> [AuditSettings.Exception] {
    switch check {
    case .orphanTimer:
      guard let role = role(owner), let timer = timer(member, of: role),
        let family = timerFamilies(of: role)[timer]
      else { return [] }
      return family.numbers.map { .timer(role: role, timer: $0) }
    case .neverFires:
      guard let role = role(owner), let number = transition(member, of: role) else { return [] }
      return [.transition(number)]
    case .neverHasCase:
      guard let number = enumeration(owner) else { return [] }
      guard let enumCase = declared.caseNumbers[number][member.text] else {
        error(
          .unknownCase,
          "'\(owner.text)' has no case '\(member.text)'",
          at: member.span,
          fixIts: suggest(member, among: model.enumerations[number].cases)
        )
        return []
      }
      return [.enumCase(enumeration: number, enumCase: enumCase)]
    case .leftOpen: return control(owner, member)
    case .deadlock, .unspecifiedReception, .specErrors, .finalReachable, .notRestored:
      error(
        .checkStays,
        "'\(check.rawValue)' is about whole states and has no exceptions",
        at: owner.span.union(member.span),
        notes: [Diagnostic.Note("the check is named here", at: name.span)],
        help: "'orphan-timer' takes a timer, 'never-fires' a transition, 'never-has-case' and "
          + "'left-open' a case"
      )
      return []
    }
  }

  /// `ROLE.CASE`: a case that a control variable of the role may have.
  private func control(_ owner: Identifier, _ member: Identifier) -> [AuditSettings.Exception] {
    guard let role = role(owner) else { return [] }
    let numbers = model.controlVariables(ofRole: role).compactMap { variable -> Int? in
      guard case .enumeration(let number) = model.roles[role].variables[variable].type else {
        return nil
      }
      return number
    }
    for number in numbers {
      guard let enumCase = declared.caseNumbers[number][member.text] else { continue }
      return [.control(role: role, enumeration: number, enumCase: enumCase)]
    }
    error(
      .unknownCase,
      "no variable of role '\(owner.text)' has a case '\(member.text)'",
      at: member.span,
      fixIts: suggest(member, among: numbers.flatMap { model.enumerations[$0].cases })
    )
    return []
  }

  private func transition(_ name: Identifier, of role: Int) -> Int? {
    let own = model.roles[role].transitions.filter { !model.transitions[$0].isOtherwise }
    if let number = own.first(where: { model.transitions[$0].name == name.text }) { return number }
    // One that did not compile is not in the model, but it is there.
    let isDeclared = declared.roles[role].transitions.contains { $0.kind.name == name.text }
    if !isDeclared {
      error(
        .unknownMember,
        "role '\(declared.roles[role].name.text)' has no transition '\(name.text)'",
        at: name.span,
        fixIts: suggest(name, among: own.map { model.transitions[$0].name })
      )
    }
    return nil
  }

  private func enumeration(_ name: Identifier) -> Int? {
    if case .enumeration(let number) = declared.symbols[name.text] { return number }
    let known = model.enumerations.map(\.name)
    error(
      .unknownType,
      declared.symbols[name.text] == nil
        ? "there is no enum '\(name.text)'"
        : "'\(name.text)' is \(declared.kindOfName(name.text)), not an enum",
      at: name.span,
      fixIts: suggest(name, among: known)
    )
    return nil
  }
}
