import LingerDiagnostics

/// What a `{ ... }` holds; decides what certainly does not belong in it.
enum BlockContent {
  case entries
  case members
  case statements
}

/// A block whose `}` was not met yet.
struct OpenBlock {
  var content: BlockContent
  /// The first token of what owns it.
  var header: Int
}

extension Parser {
  /// `{ item item ... }`: calls `item` for each until the `}`.
  ///
  /// Where a declaration begins that cannot stand in such a block, the `}` is missing, and the
  /// block ends there. `header` is the first token of what owns the block.
  mutating func parseBlock(
    _ content: BlockContent,
    header: Int,
    _ item: (inout Parser) -> Void
  ) {
    skipThen()
    if !at(.leftBrace) {
      failExpected("'{'")
      recoverToBlock(header: header)
      guard at(.leftBrace) else { return }
    }
    isRecovering = false
    let open = position
    let opening = advance()
    openBlocks.append(OpenBlock(content: content, header: header))
    nested({ $0.parseItems(content, item) }, orElse: ())
    defer { openBlocks.removeLast() }
    if at(.rightBrace) {
      blocks.append(BlockLayout(header: header, open: open, close: position))
      advance()
    } else {
      reportUnclosed(opening, header: header)
    }
  }

  private mutating func parseItems(_ content: BlockContent, _ item: (inout Parser) -> Void) {
    while !at(.rightBrace), !at(.endOfFile), !isOutside(content) {
      let start = current
      let before = position
      layout[position].insert(.startsItem)
      item(&self)
      if position == before {
        failExpected("'}'")
        advance()
      }
      if content == .entries { endEntry(from: start) } else { endItem(from: start) }
    }
  }

  /// Whether the current token shows that the block has ended without its `}`.
  private func isOutside(_ content: BlockContent) -> Bool {
    startsTopLevelForCertain || (content != .members && startsMemberForCertain)
  }

  private mutating func reportUnclosed(_ opening: Token, header: Int) {
    hasReportedUnclosed = true
    // What stands here belongs outside of several blocks perhaps: all of them are closed.
    let unclosed = openBlocks.reversed().prefix { block in
      !(startsMemberForCertain && block.content == .members)
    }
    let closing = unclosed.map { block in
      "\n" + String(repeating: " ", count: columnOfLine(tokens[block.header])) + "}"
    }
    // Where something is missing before, closing the block would put the '}' in its place.
    let isComplete =
      previous.kind != .leftBrace
      && !diagnostics.contains {
        $0.span.start >= opening.start && $0.severity == .error && $0.fixIts.isEmpty
      }
    fail(
      .unclosedBracket,
      "expected '}' before \(currentDescription)",
      at: spanAfterPrevious,
      notes: [.init("'{' opened here", at: span(opening))],
      fixIts: isComplete
        ? [.init("close the block", [.init(spanAfterPrevious, closing.joined())])] : []
    )
  }

  /// Blanks at the beginning of the line that holds the token.
  private func columnOfLine(_ token: Token) -> Int {
    let start = source.lineStarts[source.line(at: token.start)]
    return source.bytes[start..<token.start].prefix { $0 == UInt8(ascii: " ") }.count
  }

  /// The `///` lines right before the current token, without the slashes.
  func documentation() -> String? {
    var index = Int(current.commentCount) - 1
    var before = position
    // A ';' between the comment and the declaration does not part them: the formatter drops it.
    while before > 0, layout[before - 1].contains(.separator) { before -= 1 }
    let first = before == 0 ? 0 : Int(tokens[before - 1].commentCount)
    while index >= first, comments[index].kind != .documentation { index -= 1 }
    var lines: [String] = []
    while index >= first, comments[index].kind == .documentation, comments[index].startsLine {
      let text = source.text((comments[index].start + 3)..<comments[index].end)
      lines.append(text.hasPrefix(" ") ? String(text.dropFirst()) : text)
      guard index > first, isAdjacent(comments[index - 1], comments[index]) else { break }
      index -= 1
    }
    return lines.isEmpty ? nil : lines.reversed().joined(separator: "\n")
  }

  /// Whether the second comment stands on the line after the first.
  private func isAdjacent(_ first: Comment, _ second: Comment) -> Bool {
    source.line(at: second.start) == source.line(at: first.end) + 1
  }
}
