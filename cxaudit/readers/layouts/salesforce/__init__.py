"""Salesforce Service Cloud: the CSV files of a data export, and Fivetran's tables."""

from __future__ import annotations

from cxaudit.readers.layouts.declaration import Delivered, Layout, Made
from cxaudit.readers.layouts.salesforce import derived
from cxaudit.readers.layouts.salesforce.derived import CHANNELS, PRIORITIES, STATUSES


def _files(name: str) -> tuple[str, ...]:
    return (f"sf_{name}", f"salesforce_{name}", f"{name}s")


UTC = "UTC"
LAYOUT = Layout(
    name="salesforce",
    export="CSV files of the data export or Data Loader, or Fivetran's tables: Case, EmailMessage, "
    "CaseComment, CaseHistory, User, Contact, Group",
    version="Object reference, API 59 and later",
    documentation="https://developer.salesforce.com/docs/atlas.en-us.object_reference.meta/object_reference/sforce_api_objects_case.htm",
    faults=(
        "Times are UTC in the data export and in Data Loader, but in the viewer's zone in reports: "
        "export objects.",
        "Ids have 15 letters in reports and 18 elsewhere: do not mix the two.",
        "A change of owner is written twice, by name and by id: the row with the ids is taken.",
        "History is kept for the fields somebody switched on, and for 18 to 24 months.",
        "Statuses and origins are the client's own words: those not known here are named in "
        "`words`; a status that counts as closed is read as closed in any case.",
        "Who created a case is a user or a robot even if a customer asked: all are the customer's.",
        "E-mails that are drafts, or of no case, are left out.",
    ),
    tables={
        "Case": Delivered(
            (
                *("Id", "IsDeleted", "ContactId", "Origin", "Status", "Priority", "Reason", "Type"),
                *("IsClosed", "ClosedDate", "IsEscalated", "OwnerId", "CreatedDate"),
                *("MasterRecordId", "Language"),
            ),
            _files("case"),
            time_zone=UTC,
        ),
        "EmailMessage": Delivered(
            (
                *("Id", "ParentId", "Incoming", "MessageDate", "CreatedDate", "CreatedById"),
                *("Status", "TextBody", "HtmlBody"),
            ),
            ("email_message", *_files("email_message")),
            time_zone=UTC,
        ),
        "CaseComment": Delivered(
            ("Id", "ParentId", "IsPublished", "CommentBody", "CreatedById", "CreatedDate"),
            ("case_comment", *_files("case_comment")),
            time_zone=UTC,
        ),
        "CaseHistory": Delivered(
            ("Id", "CaseId", "Field", "OldValue", "NewValue", "CreatedById", "CreatedDate"),
            ("case_history", *_files("case_history")),
            time_zone=UTC,
        ),
        "User": Delivered(("Id", "UserType", "UserRoleId"), _files("user"), time_zone=UTC),
        "Contact": Delivered(
            ("Id", "CreatedDate", "MailingCountry", "MasterRecordId"),
            _files("contact"),
            time_zone=UTC,
        ),
        "Group": Delivered(("Id", "Name", "Type"), _files("group")),
    },
    made=(
        Made(
            "tickets",
            "Case",
            {
                "ticket_id": "Id",
                "customer_id": "ContactId",
                "channel": {
                    "from": "Origin",
                    "values": CHANNELS,
                    "otherwise": "web_form",
                    "when_empty": "web_form",
                },
                "created_at": "CreatedDate",
                "solved_at": "ClosedDate",
                "status": {"from": "STATUS", "values": STATUSES},
                "assignee_id": "ASSIGNEE",
                "group_id": "GROUP",
                "category": "Reason",
                "subcategory": "Type",
                "priority": {"from": "Priority", "values": PRIORITIES},
                "language": "Language",
                "created_by": {"constant": "customer"},
                "merged_into": "MasterRecordId",
                "is_deleted": "IsDeleted",
                "escalated": "IsEscalated",
            },
            derive=derived.cases,
        ),
        Made(
            "messages",
            "EmailMessage",
            {
                "message_id": "Id",
                "ticket_id": "ParentId",
                "at": "AT",
                "author_type": "AUTHOR TYPE",
                "author_id": "AUTHOR",
                "is_public": {"constant": True},
                "is_auto": {"constant": False},
                "text": "TEXT",
            },
            derive=derived.emails,
        ),
        Made(
            "messages",
            "CaseComment",
            {
                "message_id": "Id",
                "ticket_id": "ParentId",
                "at": "CreatedDate",
                "author_type": "AUTHOR TYPE",
                "author_id": "CreatedById",
                "is_public": {"from": "IsPublished", "when_empty": "false"},
                "is_auto": {"constant": False},
                "text": "CommentBody",
            },
            derive=derived.comments,
        ),
        Made(
            "ticket_events",
            "CaseHistory",
            {
                "event_id": "Id",
                "ticket_id": "CaseId",
                "at": "CreatedDate",
                "type": "TYPE",
                "from_value": "FROM",
                "to_value": "TO",
                "actor_type": "ACTOR TYPE",
                "actor_id": "CreatedById",
            },
            derive=derived.history,
        ),
        Made("agents", "User", {"agent_id": "Id", "team_id": "UserRoleId"}, derive=derived.agents),
        Made(
            "customers",
            "Contact",
            {
                "customer_id": "Id",
                "created_at": "CreatedDate",
                "country": "MailingCountry",
                "duplicate_of": "MasterRecordId",
            },
        ),
        Made("groups", "Group", {"group_id": "Id", "name": "Name"}, derive=derived.queues),
    ),
)
