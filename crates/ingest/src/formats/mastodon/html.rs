//! The text of a bio in HTML.

/// Takes tags off and decodes entities; paragraphs and line breaks become spaces.
pub(super) fn text_of(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find(['<', '&']) {
        text.push_str(&rest[..at]);
        rest = &rest[at..];
        if rest.starts_with('<') {
            let Some(end) = rest.find('>') else { break };
            let tag = rest[1..end].trim_start_matches('/').to_ascii_lowercase();
            if ["br", "p", "li", "div", "h"].iter().any(|name| tag.starts_with(name)) {
                text.push(' ');
            }
            rest = &rest[end + 1..];
        } else {
            let (decoded, length) = entity(rest);
            text.push(decoded);
            rest = &rest[length..];
        }
    }
    if !rest.starts_with('<') {
        text.push_str(rest);
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The character that an entity at the start stands for, and its length; a lone `&` is itself.
fn entity(text: &str) -> (char, usize) {
    /// No entity known here is longer.
    const LONGEST: usize = 12;
    let end = text.bytes().take(LONGEST).position(|byte| byte == b';');
    let name = end.map_or("", |end| &text[1..end]);
    let number = |digits: &str| match digits.strip_prefix(['x', 'X']) {
        Some(digits) => u32::from_str_radix(digits, 16).ok(),
        None => digits.parse().ok(),
    };
    let decoded = match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        "nbsp" => Some(' '),
        _ => name.strip_prefix('#').and_then(number).and_then(char::from_u32),
    };
    match (decoded, end) {
        (Some(decoded), Some(end)) => (decoded, end + 1),
        _ => ('&', 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_go_and_entities_are_read() {
        for (html, wanted) in [
            ("<p>GP in <b>Cork</b> &amp; <a href=\"x\">GAA</a></p><p>he/him</p>", "GP in Cork & GAA he/him"),
            ("a<br />b&#39;s &#x1F600; &lt;i&gt;", "a b's 😀 <i>"),
            ("R&D & more &unknown; <", "R&D & more &unknown;"),
            ("&#xD800;&ü;", "&#xD800;&ü;"),
            ("", ""),
        ] {
            assert_eq!(text_of(html), wanted, "{html}");
        }
    }
}
