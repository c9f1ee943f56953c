import LingerDiagnostics
import LingerModel
import LingerSyntax

/// What the spec asks the audit to leave out.
extension Program {
  func buildAudit() {
    var switchedOff: Set<AuditCheck> = []
    for entry in auditEntries {
      guard let check = AuditCheck(rawValue: entry.check.text) else {
        reportUnknownCheck(entry.check)
        continue
      }
      guard check.canBeSwitchedOff else {
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
        continue
      }
      guard let exception = entry.exception else {
        switchedOff.insert(check)
        continue
      }
      model.audit.exceptions += exceptions(
        exception.owner,
        exception.member,
        to: check,
        entry.check
      )
    }
    model.audit.switchedOff = AuditCheck.allCases.filter(switchedOff.contains)
  }

  private func reportUnknownCheck(_ name: Identifier) {
    guard !name.text.isEmpty else { return }
    let known = AuditCheck.allCases.filter(\.canBeSwitchedOff).map(\.rawValue)
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
      guard let enumCase = caseNumbers[number][member.text] else {
        error(
          .unknownCase,
          "'\(owner.text)' has no case '\(member.text)'",
          at: member.span,
          fixIts: suggest(member, among: model.enumerations[number].cases)
        )
        return []
      }
      return [.enumCase(enumeration: number, enumCase: enumCase)]
    case .deadlock, .unspecifiedReception, .specErrors, .finalReachable:
      error(
        .checkStays,
        "'\(check.rawValue)' is about whole states and has no exceptions",
        at: owner.span.union(member.span),
        notes: [Diagnostic.Note("the check is named here", at: name.span)],
        help: "'orphan-timer' takes a timer, 'never-fires' a transition, 'never-has-case' a case"
      )
      return []
    }
  }

  private func transition(_ name: Identifier, of role: Int) -> Int? {
    let own = model.roles[role].transitions.filter { !model.transitions[$0].isOtherwise }
    if let number = own.first(where: { model.transitions[$0].name == name.text }) { return number }
    // One that did not compile is not in the model, but it is there.
    let isDeclared = roles[role].transitions.contains { $0.kind.name == name.text }
    if !isDeclared {
      error(
        .unknownMember,
        "role '\(roles[role].name.text)' has no transition '\(name.text)'",
        at: name.span,
        fixIts: suggest(name, among: own.map { model.transitions[$0].name })
      )
    }
    return nil
  }

  private func enumeration(_ name: Identifier) -> Int? {
    if case .enumeration(let number) = symbols[name.text] { return number }
    let known = model.enumerations.map(\.name)
    error(
      .unknownType,
      symbols[name.text] == nil
        ? "there is no enum '\(name.text)'"
        : "'\(name.text)' is \(kindOfName(name.text)), not an enum",
      at: name.span,
      fixIts: suggest(name, among: known)
    )
    return nil
  }
}
