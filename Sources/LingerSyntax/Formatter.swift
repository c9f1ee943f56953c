package import LingerDiagnostics

/// The file in canonical layout; unchanged where it has errors, which are returned.
///
/// Blanks and indentation follow from the grammar; line breaks are the author's, except that a
/// block that is not on one line has its braces on lines of their own. Every comment is kept.
/// Formatting twice changes nothing, and the tree stays the same.
package func format(_ file: SourceFile) -> (text: String, diagnostics: [Diagnostic]) {
  var parser = Parser(file, number: 0)
  _ = parser.parseFile()
  let diagnostics = parser.diagnostics.sortedByPosition()
  guard !diagnostics.hasErrors else {
    return (String(decoding: file.bytes, as: UTF8.self), diagnostics)
  }
  var formatter = Formatter(parser)
  formatter.run()
  return (formatter.output, diagnostics)
}

/// Writes the tokens of a parsed file with canonical blanks.
///
/// It works on tokens rather than on the tree, since that keeps comments and line breaks by
/// construction; what it needs of the grammar the parser has noted in ``TokenLayout``.
private struct Formatter {
  private let parser: Parser
  private(set) var output = ""
  /// Blocks by the token of their `{` and `}`.
  private var blockOpenedAt: [Int: Block] = [:]
  private var blockClosedAt: [Int: Block] = [:]
  private var openBrackets = [OpenBracket(indentation: 0)]
  /// Indentation of the line being written.
  private var lineIndentation = 0
  /// The last token written; nil before the first.
  private var previous: Int?
  /// The text so far ends with a `//` comment, so that a line break must follow.
  private var endsWithLineComment = false
  /// The end of what was written last, in the source.
  private var sourceEnd = 0

  private struct Block {
    var layout: BlockLayout
    var isInline: Bool
  }

  /// An open bracket.
  private struct OpenBracket {
    /// Of the items in a block, or of the lines in parentheses.
    var indentation: Int
    /// Of the line that opened it.
    var outerIndentation = 0
    var isBlock = true
    /// Of the item being written; its further lines are one level deeper.
    var itemIndentation = 0
    /// Of the last line that begins with no operator; those that do are one level deeper. nil
    /// where none has begun in these parentheses.
    var leadIndentation: Int?

    init(indentation: Int) {
      self.indentation = indentation
      itemIndentation = indentation
    }
  }

  private static let indentationStep = 2

  init(_ parser: Parser) {
    self.parser = parser
    for layout in parser.blocks {
      let isInline =
        parser.source.line(at: parser.tokens[layout.open].start)
        == parser.source.line(at: parser.tokens[layout.close].start)
      let block = Block(layout: layout, isInline: isInline)
      blockOpenedAt[layout.open] = block
      blockClosedAt[layout.close] = block
    }
  }

  mutating func run() {
    for index in parser.tokens.indices {
      writeComments(before: index)
      write(index)
    }
    if !output.isEmpty { output += "\n" }
  }

  private mutating func write(_ index: Int) {
    let token = parser.tokens[index]
    guard token.kind != .endOfFile else { return }
    if isDroppedSeparator(index) { return }
    let breaks = breaksLine(before: index)
    if breaks {
      lineBeginsWithCase = parser.layout[index].contains(.caseLabel)
      let isClosing = blockClosedAt[index] != nil
      startLine(indentation: indentation(of: index), next: token.start, keepsBlank: !isClosing)
    } else if let previous, needsBlank(between: previous, and: index) {
      output += " "
    }
    closeBracket(index)
    if parser.layout[index].contains(.startsItem) || parser.layout[index].contains(.caseLabel) {
      openBrackets[openBrackets.count - 1].itemIndentation = indentationOfItem(index)
      openBrackets[openBrackets.count - 1].leadIndentation = nil
    } else if breaks, !parser.layout[index].contains(.infix) {
      openBrackets[openBrackets.count - 1].leadIndentation = lineIndentation
    }
    output += parser.text(token)
    openBracket(index)
    previous = index
    sourceEnd = token.end
    endsWithLineComment = false
  }

  /// A `;` is written only between items of a block on one line.
  private func isDroppedSeparator(_ index: Int) -> Bool {
    guard parser.layout[index].contains(.separator) else { return false }
    let next = parser.tokens[min(index + 1, parser.tokens.count - 1)]
    if next.kind == .rightBrace || next.kind == .semicolon || next.startsLine
      || parser.tokens[index].startsLine
    {
      return true
    }
    return !isInlineContext && !(lineBeginsWithCase && next.word != .case && next.word != .default)
  }

  /// Whether the innermost block stands on one line.
  private var isInlineContext: Bool { inlineDepth > 0 }
  private var inlineDepth = 0
  /// The line being written begins with `case` or `default`; its statements stay on it.
  private var lineBeginsWithCase = false

  private func breaksLine(before index: Int) -> Bool {
    guard let previous else { return output.isEmpty ? false : true }
    if endsWithLineComment { return true }
    if let block = blockOpenedAt[index] { return hasLongHeader(block) }
    if let block = blockClosedAt[index] { return !block.isInline }
    if let block = blockOpenedAt[previous] { return !block.isInline }
    if parser.layout[index].contains(.joinsBrace) { return false }
    if parser.layout[index].contains(.caseLabel), !isInlineContext { return true }
    // A ';' that was left out ended an item.
    let isSeparator = parser.layout[index].contains(.separator)
    if previous != index - 1, !isInlineContext, !isSeparator { return true }
    return parser.tokens[index].startsLine
  }

  /// Whether what stands before the `{` takes more than a line, so that the `{` gets its own.
  private func hasLongHeader(_ block: Block) -> Bool {
    (block.layout.header..<block.layout.open).dropFirst().contains {
      parser.tokens[$0].startsLine && !parser.layout[$0].contains(.joinsBrace)
    }
  }

  private func indentationOfItem(_ index: Int) -> Int {
    let indentation = openBrackets[openBrackets.count - 1].indentation
    return parser.layout[index].contains(.caseLabel)
      ? indentation - Formatter.indentationStep : indentation
  }

  /// The indentation of a line that begins with the token.
  private func indentation(of index: Int) -> Int {
    let bracket = openBrackets[openBrackets.count - 1]
    if blockClosedAt[index] != nil { return bracket.outerIndentation }
    let flags = parser.layout[index]
    if flags.contains(.startsItem) || flags.contains(.caseLabel) {
      return indentationOfItem(index)
    }
    if blockOpenedAt[index] != nil || flags.contains(.joinsBrace) { return bracket.itemIndentation }
    if flags.contains(.infix), let lead = bracket.leadIndentation {
      return lead + Formatter.indentationStep
    }
    if bracket.isBlock { return bracket.itemIndentation + Formatter.indentationStep }
    switch parser.tokens[index].kind {
    case .rightParenthesis, .rightBracket: return bracket.outerIndentation
    default: return bracket.indentation
    }
  }

  private mutating func openBracket(_ index: Int) {
    let current = openBrackets[openBrackets.count - 1]
    switch parser.tokens[index].kind {
    case .leftBrace:
      var bracket = OpenBracket(indentation: current.indentation + Formatter.indentationStep)
      bracket.outerIndentation = current.indentation
      openBrackets.append(bracket)
      if blockOpenedAt[index]?.isInline == true { inlineDepth += 1 }
    case .leftParenthesis, .leftBracket:
      var bracket = OpenBracket(indentation: lineIndentation + Formatter.indentationStep)
      bracket.outerIndentation = lineIndentation
      bracket.isBlock = false
      openBrackets.append(bracket)
    default: break
    }
  }

  private mutating func closeBracket(_ index: Int) {
    switch parser.tokens[index].kind {
    case .rightBrace:
      if blockClosedAt[index]?.isInline == true { inlineDepth -= 1 }
      fallthrough
    case .rightParenthesis, .rightBracket:
      if openBrackets.count > 1 { openBrackets.removeLast() }
    default: break
    }
  }

  /// Ends the line and begins another; one blank line of the source is kept where `keepsBlank`.
  private mutating func startLine(indentation: Int, next start: Int, keepsBlank: Bool) {
    if !output.isEmpty {
      output += "\n"
      let opensBlock = previous.map { blockOpenedAt[$0] != nil } ?? false
      let followsBrace = opensBlock && output.hasSuffix("{\n")
      if keepsBlank, !followsBrace, lineBreaks(upTo: start) > 1 { output += "\n" }
    }
    lineIndentation = indentation
    output += String(repeating: " ", count: indentation)
  }

  /// Line breaks of the source between what was written last and an offset.
  private func lineBreaks(upTo offset: Int) -> Int {
    guard sourceEnd < offset else { return 0 }
    return parser.source.line(at: offset) - parser.source.line(at: sourceEnd)
  }

  private mutating func writeComments(before index: Int) {
    let first = index == 0 ? 0 : Int(parser.tokens[index - 1].commentCount)
    for number in first..<max(first, Int(parser.tokens[index].commentCount)) {
      write(parser.comments[number], before: index)
    }
  }

  private mutating func write(_ comment: Comment, before index: Int) {
    if comment.startsLine || endsWithLineComment || (previous == nil && !output.isEmpty) {
      startLine(
        indentation: indentation(ofCommentBefore: index),
        next: comment.start,
        keepsBlank: true
      )
    } else if !output.isEmpty {
      output += comment.kind == .block ? " " : "  "
    }
    output += parser.source.text(comment.start..<comment.end).withoutCarriageReturns
    sourceEnd = comment.end
    endsWithLineComment = comment.kind != .block || endsLine(comment, before: index)
  }

  /// Whether a block comment ends its line in the source.
  private func endsLine(_ comment: Comment, before index: Int) -> Bool {
    let token = parser.tokens[index]
    return token.startsLine || token.kind == .endOfFile
  }

  private func indentation(ofCommentBefore commented: Int) -> Int {
    // A ';' that is left out has no place of its own.
    var index = commented
    while isDroppedSeparator(index) { index += 1 }
    let bracket = openBrackets[openBrackets.count - 1]
    let token = parser.tokens[index]
    if token.kind == .endOfFile { return 0 }
    if blockClosedAt[index] != nil { return bracket.indentation }
    if !bracket.isBlock { return bracket.indentation }
    return indentation(of: index)
  }

  private func needsBlank(between left: Int, and right: Int) -> Bool {
    if parser.layout[left].contains(.tightAfter) || parser.layout[right].contains(.tightBefore) {
      // A comment between the two was set off by a blank of its own.
      return output.hasSuffix("*/")
    }
    switch parser.tokens[right].kind {
    case .comma, .semicolon, .rightParenthesis, .rightBracket: return false
    default: return true
    }
  }
}

extension String {
  fileprivate var withoutCarriageReturns: String {
    String(decoding: utf8.filter { $0 != UInt8(ascii: "\r") }, as: UTF8.self)
  }
}
