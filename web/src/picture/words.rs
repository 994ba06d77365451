//! Words on the canvas: SVG does not break or shorten text, so it is measured and shortened here.

/// Shortens a text to a width, by estimate: a letter of the Latin alphabet takes about 0.56 em, a Chinese one 1 em.
pub(crate) fn fitted(text: &str, width: i32, size: i32) -> String {
    let room = width * 100;
    let mut used = 0;
    for (at, c) in text.char_indices() {
        used += advance(c) * size;
        if used > room {
            let mut kept = 0;
            let cut = text.char_indices().take_while(|(_, c)| {
                kept += advance(*c) * size;
                kept + 90 * size <= room
            });
            let end = cut.last().map_or(0, |(at, c)| at + c.len_utf8());
            return format!("{}…", &text[..end.min(at)]);
        }
    }
    text.to_owned()
}

/// Returns the width of a text, by the same estimate.
pub(crate) fn width(text: &str, size: i32) -> i32 {
    text.chars().map(|c| advance(c) * size).sum::<i32>() / 100
}

/// Returns the width of a character in hundredths of an em.
fn advance(c: char) -> i32 {
    match c {
        'i' | 'j' | 'l' | '.' | ':' | '\'' | '|' | ' ' => 32,
        'm' | 'w' | 'M' | 'W' => 90,
        'A'..='Z' => 68,
        '\u{1100}'.. => 100,
        _ => 58,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_names_are_shortened_and_short_ones_stay() {
        assert_eq!(fitted("cluster1", 160, 15), "cluster1");
        let long = fitted(&"cluster".repeat(9), 160, 15);
        assert!(long.ends_with('…') && width(&long, 15) <= 170, "{long}");
        assert_eq!(fitted("集群集群集群集群", 50, 12), "集群集…");
        assert_eq!(fitted("", 10, 12), "");
    }
}
