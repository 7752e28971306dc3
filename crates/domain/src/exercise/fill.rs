//! Words of a scenario that each establishment fills with its own: looked for in its register and on its map.

use super::event::scenario::{Parameter, Scenario};
use crate::register::function_id;
use crate::state::State;

/// A text with its `{parameters}` filled in: with the establishment's word, else with the kit's own.
pub fn fill(text: &str, parameters: &[Parameter]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, tail)) = rest.split_once('{') {
        out.push_str(before);
        let named = tail.split_once('}').and_then(|(name, after)| Some((parameters.iter().find(|p| p.key == name)?, after)));
        if let Some((parameter, after)) = named {
            let value = parameter.value.trim();
            out.push_str(if value.is_empty() { &parameter.otherwise } else { value });
            rest = after;
        } else {
            out.push('{');
            rest = tail;
        }
    }
    out.push_str(rest);
    out
}

/// Names between braces in a text, in order.
pub fn names(text: &str) -> impl Iterator<Item = &str> {
    text.split('{').skip(1).filter_map(|tail| tail.split_once('}').map(|(name, _)| name))
}

/// Lower case without accents, for comparing names.
fn plain(text: &str) -> String {
    let bare = |c: char| match c {
        'à' | 'â' | 'ä' => 'a',
        'é' | 'è' | 'ê' | 'ë' => 'e',
        'î' | 'ï' => 'i',
        'ô' | 'ö' => 'o',
        'ù' | 'û' | 'ü' => 'u',
        'ç' => 'c',
        '’' => '\'',
        other => other,
    };
    text.to_lowercase().chars().map(bare).collect()
}

/// The first of the names that holds one of the words, words in their order.
fn holding<'a>(words: &str, names: &[&'a str]) -> Option<&'a str> {
    words.split('|').map(|word| plain(word.trim())).filter(|word| !word.is_empty()).find_map(|word| {
        let mut found: Vec<&str> = names.iter().copied().filter(|name| plain(name).contains(&word)).collect();
        found.sort_by_key(|name| (name.chars().count(), *name));
        found.first().copied()
    })
}

/// What the establishment's register and map say of a parameter; `None` when they say nothing.
pub fn propose(state: &State, parameter: &Parameter) -> Option<String> {
    let (kind, words) = parameter.from.split_once(':').unwrap_or((parameter.from.as_str(), ""));
    let register = &state.register;
    let found = match kind {
        "establishment" => register.establishment.clone(),
        "unit" => holding(words, &register.units.iter().map(|(_, unit)| unit.name.as_str()).collect::<Vec<_>>())?.to_owned(),
        "activity" => {
            let all = state.cartography.by_priority();
            holding(words, &all.iter().map(|a| a.now().name.as_str()).collect::<Vec<_>>())?.to_owned()
        }
        "asset" => {
            let all = state.cartography.assets();
            holding(words, &all.iter().map(|a| a.now().name.as_str()).collect::<Vec<_>>())?.to_owned()
        }
        "function" => words.split('|').find_map(|key| {
            let holder = register.functions.get(&function_id(key.trim()))?.holder?;
            register.people.get(&holder).map(|person| person.name.clone())
        })?,
        "partner" => words.split('|').find_map(|key| {
            register.partners.iter().find(|(_, partner)| partner.code == key.trim()).map(|(_, partner)| partner.name.clone())
        })?,
        _ => return None,
    };
    (!found.trim().is_empty()).then_some(found)
}

/// Fills every parameter that the establishment can tell, and leaves those that somebody filled.
pub fn contextualise(state: &State, scenario: &mut Scenario) {
    for parameter in &mut scenario.parameters {
        if parameter.value.trim().is_empty()
            && let Some(found) = propose(state, parameter)
        {
            parameter.value = found;
        }
    }
}

/// What could not be filled: the kit's own words stand in for it.
pub fn unfilled(scenario: &Scenario) -> impl Iterator<Item = &Parameter> {
    scenario.parameters.iter().filter(|p| p.value.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parameter(key: &str, value: &str) -> Parameter {
        Parameter { key: key.to_owned(), otherwise: "le bloc".to_owned(), value: value.to_owned(), ..Parameter::default() }
    }

    #[test]
    fn texts_are_filled_once() {
        let all = [parameter("a", "{b} & Cie"), parameter("b", "")];
        assert_eq!(fill("{a}, puis {b}, puis {c} et {", &all), "{b} & Cie, puis le bloc, puis {c} et {");
        assert_eq!(names("{a} {b").collect::<Vec<_>>(), ["a"]);
    }

    #[test]
    fn names_are_found_without_accents() {
        assert_eq!(holding("medecine|chirurgie", &["Chirurgie", "Médecine B", "Médecine"]), Some("Médecine"));
        assert_eq!(holding("", &["Chirurgie"]), None);
    }
}
