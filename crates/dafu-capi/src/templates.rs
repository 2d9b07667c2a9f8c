use std::ffi::c_char;
use std::mem::size_of;

use dafu::{Channel, Escape, ReplyTemplate, Slot, SlotKind, Tag, TemplateFilter};

use crate::block::{self, Block};
use crate::error::{Failure, dafu_error};
use crate::guard::{guard, guard_value};
use crate::kb::dafu_kb;
use crate::options::parsed;
use crate::pointers::{Growing, array, borrow, grown, optional_text, output, text};
use crate::status::dafu_status;
use crate::text::{self, dafu_str, dafu_text};

/// Which reply templates are wanted. Set `size`, and of the rest what you need; what is `{NULL, 0}` lets all through.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct dafu_template_filter {
    /// `sizeof(dafu_template_filter)`.
    pub size: usize,
    /// Only templates for this scenario, such as `greeting`.
    pub scenario: dafu_str,
    /// Only templates for this mood, such as `angry`.
    pub mood: dafu_str,
    /// Only templates for this channel, and those for all channels.
    pub channel: dafu_str,
    /// Only templates with this tag.
    pub tag: dafu_str,
}

/// Reply templates, in the order of the content. Free them with `dafu_templates_free`. Any thread may read them; they
/// outlive the knowledge base.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct dafu_templates {
    /// The templates.
    pub items: *const *const dafu_template,
    /// How many there are.
    pub items_len: usize,
}

/// A reply for a kind of situation (话术), in one or more wordings that take turns, with slots to fill.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct dafu_template {
    /// Its id.
    pub id: dafu_str,
    /// The kind of situation it is for, such as `greeting`.
    pub scenario: dafu_str,
    /// The mood it answers to, such as `angry`; `{NULL, 0}` for any.
    pub mood: dafu_str,
    /// Where it belongs; `{NULL, 0}` if nowhere.
    pub category: dafu_str,
    /// Its texts, at least one, with their slots written as `{{name}}`.
    pub wordings: *const dafu_str,
    /// How many wordings there are.
    pub wordings_len: usize,
    /// Its slots, in the order of their declaration.
    pub slots: *const *const dafu_slot,
    /// How many slots there are.
    pub slots_len: usize,
    /// Its free labels.
    pub tags: *const dafu_str,
    /// How many tags there are.
    pub tags_len: usize,
    /// Where it is used; none for everywhere.
    pub channels: *const dafu_str,
    /// How many channels there are.
    pub channels_len: usize,
}

/// A gap in a reply template that is filled when the reply is made.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct dafu_slot {
    /// Its name.
    pub name: dafu_str,
    /// What it may be filled with.
    pub kind: dafu_slot_kind,
    /// 1 if every reply has to fill it, else 0.
    pub required: i32,
    /// What it is filled with when nothing is given; `{NULL, 0}` for a required slot. Not called `default`, a word of
    /// C.
    pub default_value: dafu_str,
    /// An example of a value; `{NULL, 0}` if there is none.
    pub example: dafu_str,
}

/// What a slot may be filled with.
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum dafu_slot_kind {
    /// Up to 2,000 characters in one line, not only white space.
    Text = 1,
    /// Digits with an optional sign and decimal point.
    Number = 2,
    /// An amount with at most two decimals, optionally after `¥`, or before `元`.
    Money = 3,
    /// `2026-11-05`, `2026年11月5日` or `11月5日`.
    Date = 4,
    /// 5 to 20 digits, `+`, `-`, spaces and parentheses, with a digit among them.
    Phone = 5,
    /// An order number: 4 to 64 ASCII letters, digits, `-` and `_`.
    Order = 6,
    /// A kind that this release of the C library has no number for yet.
    Other = 7,
}

/// What a slot is filled with. Never grows.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct dafu_slot_value {
    /// The name of the slot.
    pub name: dafu_str,
    /// The value; an empty one or `{NULL, 0}` counts as not given.
    pub value: dafu_str,
}

/// How the values that fill a reply are written into it.
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum dafu_escape {
    /// As they are.
    None = 0,
    /// With `&`, `<`, `>`, `"` and `'` as character references, for templates that are written in HTML. The template's
    /// own text is left alone.
    Html = 1,
}

/// Returns the reply templates that a filter lets through; NULL lets all through. Free them with `dafu_templates_free`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dafu_templates_list(
    kb: *const dafu_kb,
    filter: *const dafu_template_filter,
    templates: *mut *mut dafu_templates,
    error: *mut *mut dafu_error,
) -> dafu_status {
    guard(error, || {
        // SAFETY: the caller keeps to the rules at the top of the header.
        let (kb, filter, templates) = unsafe {
            (
                borrow(kb, "kb")?,
                template_filter(filter)?,
                output(templates, "templates")?,
            )
        };
        let found = kb.current().templates(&filter)?;
        templates.write(block::owned(|block: &mut Block| dafu_templates {
            items: block.list(found.iter(), describe),
            items_len: found.len(),
        }));
        Ok(())
    })
}

/// Frees templates. NULL is fine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dafu_templates_free(templates: *mut dafu_templates) {
    // SAFETY: the caller passes templates of ours that are not yet freed, or NULL.
    guard_value((), || unsafe { block::free(templates) });
}

/// Returns a template with its slots filled. `turn` chooses the wording: count it up from reply to reply, so that
/// replies rotate. `escape` is one of `dafu_escape`. Free the reply with `dafu_text_free`.
///
/// A value is never expanded again, whatever braces it has. Fails with `DAFU_STATUS_NOT_FOUND` when there is no
/// template with this id, and with `DAFU_STATUS_INVALID_INPUT` when slots miss, are unknown or do not fit; the
/// message names all of them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dafu_render(
    kb: *const dafu_kb,
    id: *const c_char,
    id_len: usize,
    turn: usize,
    values: *const dafu_slot_value,
    values_len: usize,
    escape: i32,
    reply: *mut *mut dafu_text,
    error: *mut *mut dafu_error,
) -> dafu_status {
    guard(error, || {
        // SAFETY: the caller keeps to the rules at the top of the header.
        let (kb, id, values, reply) = unsafe {
            (
                borrow(kb, "kb")?,
                text(id, id_len, "id")?,
                slot_values(array(values, values_len, "values")?)?,
                output(reply, "reply")?,
            )
        };
        let escape = match escape {
            0 => Escape::None,
            1 => Escape::Html,
            other => {
                return Err(Failure::invalid(format!(
                    "escape: {other} is not a way to escape; use one of dafu_escape"
                )));
            }
        };
        let told = kb.current().render(id, turn, values, escape)?;
        reply.write(text::owned(&told));
        Ok(())
    })
}

// SAFETY: `repr(C)`, the size first, words without padding, all of which may be 0.
unsafe impl Growing for dafu_template_filter {
    const NAME: &'static str = "dafu_template_filter";
    const FIRST_SIZE: usize = 9 * size_of::<usize>();
}

unsafe fn template_filter(filter: *const dafu_template_filter) -> Result<TemplateFilter, Failure> {
    // SAFETY: the caller passes NULL or a filter that begins with its size, and whose texts are valid or `{NULL, 0}`.
    unsafe {
        let given = grown(filter)?;
        let mut filter = TemplateFilter::default();
        filter.scenario = parsed::<Tag>(given.scenario, "dafu_template_filter.scenario")?;
        filter.mood = parsed::<Tag>(given.mood, "dafu_template_filter.mood")?;
        filter.channel = parsed::<Channel>(given.channel, "dafu_template_filter.channel")?;
        filter.tag = parsed::<Tag>(given.tag, "dafu_template_filter.tag")?;
        Ok(filter)
    }
}

unsafe fn slot_values<'a>(given: &[dafu_slot_value]) -> Result<Vec<(&'a str, &'a str)>, Failure> {
    let value = |(index, given): (usize, &dafu_slot_value)| {
        // SAFETY: each has two texts of the caller.
        unsafe {
            Ok((
                text(given.name.data, given.name.len, &format!("values[{index}].name"))?,
                optional_text(given.value, &format!("values[{index}].value"))?.unwrap_or(""),
            ))
        }
    };
    given.iter().enumerate().map(value).collect()
}

fn describe(block: &mut Block, template: &ReplyTemplate) -> *const dafu_template {
    let wordings = template.wordings();
    let view = dafu_template {
        id: block.text(template.id().as_str()),
        scenario: block.text(template.scenario().as_str()),
        mood: block.optional_text(template.mood().map(|mood| mood.as_str())),
        category: block.optional_text(template.category().map(|category| category.as_str())),
        wordings_len: wordings.len(),
        wordings: block.list(wordings, |block, wording| block.text(wording.as_str())),
        slots: block.list(template.slots().iter(), describe_slot),
        slots_len: template.slots().len(),
        tags: block.list(template.tags().iter(), |block, tag| block.text(tag.as_str())),
        tags_len: template.tags().len(),
        channels: block.list(template.channels().iter(), |block, channel| {
            block.text(channel.as_str())
        }),
        channels_len: template.channels().len(),
    };
    block.value(view)
}

fn describe_slot(block: &mut Block, slot: &Slot) -> *const dafu_slot {
    let view = dafu_slot {
        name: block.text(slot.name().as_str()),
        kind: match slot.kind() {
            SlotKind::Text => dafu_slot_kind::Text,
            SlotKind::Number => dafu_slot_kind::Number,
            SlotKind::Money => dafu_slot_kind::Money,
            SlotKind::Date => dafu_slot_kind::Date,
            SlotKind::Phone => dafu_slot_kind::Phone,
            SlotKind::Order => dafu_slot_kind::Order,
            _ => dafu_slot_kind::Other,
        },
        required: i32::from(slot.is_required()),
        default_value: block.optional_text(slot.default()),
        example: block.optional_text(slot.example()),
    };
    block.value(view)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn has_the_size_of_its_first_release() {
        assert_eq!(size_of::<dafu_template_filter>(), dafu_template_filter::FIRST_SIZE);
    }
}
