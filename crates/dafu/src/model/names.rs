//! Short texts that name things: one line, compared character by character.

use std::borrow::Cow;

use super::text_value::{bounded, check_length, check_line, text_value};
use crate::model::InvalidValue;
use crate::quote::quote;

text_value!(
    /// The stable name of an entry, standard answer or template: 1 to 128 visible characters without white space and
    /// commas. White space at the ends is removed.
    ///
    /// Why no commas: spreadsheets list ids in one cell, separated by commas.
    ///
    /// ```
    /// use dafu::Id;
    ///
    /// assert_eq!(Id::try_from("退款-到账时间")?.as_str(), "退款-到账时间");
    /// assert!(Id::try_from("退款 到账").is_err());
    /// # Ok::<(), dafu::InvalidValue>(())
    /// ```
    Id,
    id
);

text_value!(
    /// A free label, such as a tag, the scenario of a template or its mood: 1 to 64 characters in one line, without
    /// commas (`,` `，` `、`). White space at the ends is removed.
    ///
    /// ```
    /// use dafu::Tag;
    ///
    /// assert_eq!(Tag::try_from(" 运费险 ")?.as_str(), "运费险");
    /// assert!(Tag::try_from("退货、换货").is_err());
    /// # Ok::<(), dafu::InvalidValue>(())
    /// ```
    Tag,
    tag
);

text_value!(
    /// Where customers ask, in the caller's own words (`app`, `wechat`, `电话`): 1 to 64 characters in one line, without
    /// commas and `;` `=` `[` `]`. White space at the ends is removed.
    ///
    /// ```
    /// use dafu::Channel;
    ///
    /// assert_eq!(Channel::try_from("微信小程序")?.as_str(), "微信小程序");
    /// # Ok::<(), dafu::InvalidValue>(())
    /// ```
    Channel,
    channel
);

text_value!(
    /// A language and region such as `zh-Hant-HK`: 1 to 64 ASCII letters, digits and `-`.
    ///
    /// ```
    /// use dafu::Locale;
    ///
    /// assert_eq!(Locale::try_from("zh-Hant")?.as_str(), "zh-Hant");
    /// assert!(Locale::try_from("繁体").is_err());
    /// # Ok::<(), dafu::InvalidValue>(())
    /// ```
    Locale,
    locale
);

text_value!(
    /// Who looks after an item, such as `售后组`: 1 to 64 characters in one line. White space at the ends is removed.
    ///
    /// ```
    /// use dafu::Owner;
    ///
    /// assert_eq!(Owner::try_from("售后组、物流组")?.as_str(), "售后组、物流组");
    /// # Ok::<(), dafu::InvalidValue>(())
    /// ```
    Owner,
    owner
);

text_value!(
    /// The name of a fact in an item's metadata: 1 to 64 characters in one line. White space at the ends is removed.
    ///
    /// ```
    /// use dafu::{MetadataKey, MetadataValue};
    ///
    /// let metadata = dafu::Metadata::from([(MetadataKey::try_from("来源")?, MetadataValue::try_from("工单 8812")?)]);
    /// assert_eq!(metadata["来源"].as_str(), "工单 8812");
    /// # Ok::<(), dafu::InvalidValue>(())
    /// ```
    MetadataKey,
    metadata_key
);

text_value!(
    /// A path of 1 to 8 levels separated by `/`, from the widest to the narrowest, each 1 to 64 characters. White space
    /// around a level is removed.
    ///
    /// ```
    /// use dafu::Category;
    ///
    /// let category = Category::try_from("售后 / 退货")?;
    /// assert_eq!(category.as_str(), "售后/退货");
    /// assert_eq!(category.levels().collect::<Vec<_>>(), ["售后", "退货"]);
    /// # Ok::<(), dafu::InvalidValue>(())
    /// ```
    Category,
    category
);

impl Category {
    /// Returns the levels, the widest first.
    pub fn levels(&self) -> impl Iterator<Item = &str> {
        self.as_str().split('/')
    }

    /// Says whether `other` is this category or stands anywhere below it.
    ///
    /// ```
    /// use dafu::Category;
    ///
    /// let after_sales = Category::try_from("售后")?;
    /// assert!(after_sales.contains(&Category::try_from("售后/退货")?));
    /// assert!(!after_sales.contains(&Category::try_from("售后服务")?));
    /// # Ok::<(), dafu::InvalidValue>(())
    /// ```
    pub fn contains(&self, other: &Self) -> bool {
        let rest = other.as_str().strip_prefix(self.as_str());
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }
}

fn id(text: &str) -> Result<Cow<'_, str>, InvalidValue> {
    let text = bounded("id", text, 128)?;
    check_line("id", text, |c| c.is_whitespace() || is_comma(c))?;
    Ok(text.into())
}

fn tag(text: &str) -> Result<Cow<'_, str>, InvalidValue> {
    name("tag", text, is_comma)
}

fn channel(text: &str) -> Result<Cow<'_, str>, InvalidValue> {
    name("channel", text, |c| is_comma(c) || matches!(c, ';' | '=' | '[' | ']'))
}

fn owner(text: &str) -> Result<Cow<'_, str>, InvalidValue> {
    name("owner", text, |_| false)
}

fn metadata_key(text: &str) -> Result<Cow<'_, str>, InvalidValue> {
    name("metadata key", text, |_| false)
}

fn locale(text: &str) -> Result<Cow<'_, str>, InvalidValue> {
    let text = bounded("locale", text, MAX_NAME_CHARS)?;
    if text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') {
        return Ok(text.into());
    }
    Err(InvalidValue::new(
        format!("{} is not a locale", quote(text)),
        "write letters, digits and `-` only, such as `zh-Hant`",
    ))
}

fn category(text: &str) -> Result<Cow<'_, str>, InvalidValue> {
    let text = text.trim();
    let levels: Vec<&str> = text.split('/').map(str::trim).collect();
    if levels.iter().any(|level| level.is_empty()) {
        let reason = match text {
            "" => "the category is empty".to_owned(),
            _ => format!("the category {} has an empty level", quote(text)),
        };
        return Err(InvalidValue::new(
            reason,
            "write it as `售后/退货`, with a name before and after each slash",
        ));
    }
    if levels.len() > MAX_LEVELS {
        return Err(InvalidValue::new(
            format!("the category {} has {} levels", quote(text), levels.len()),
            format!("use at most {MAX_LEVELS}"),
        ));
    }
    for level in &levels {
        check_length("category level", level, MAX_NAME_CHARS)?;
        check_line("category level", level, |_| false)?;
    }
    let unchanged = levels.iter().map(|level| level.len() + 1).sum::<usize>() == text.len() + 1;
    Ok(if unchanged {
        text.into()
    } else {
        levels.join("/").into()
    })
}

fn name<'a>(what: &str, text: &'a str, forbidden: impl Fn(char) -> bool) -> Result<Cow<'a, str>, InvalidValue> {
    let text = bounded(what, text, MAX_NAME_CHARS)?;
    check_line(what, text, forbidden)?;
    Ok(text.into())
}

/// Says whether `c` separates the items of a list in a spreadsheet cell.
pub(crate) fn is_comma(c: char) -> bool {
    matches!(c, ',' | '，' | '、')
}

const MAX_NAME_CHARS: usize = 64;
const MAX_LEVELS: usize = 8;
