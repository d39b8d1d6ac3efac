import type { Texts } from "../../read-stack.ts";

/** Schemas in the notations that Mongoose and `@nestjs/mongoose` know; what they become stands in mongoose-truth.json. */
export const DOCUMENTS: Texts = {
  "src/plain.js": `import mongoose, { Schema, model } from "mongoose";
const { ObjectId } = Schema.Types;

export const Status = Object.freeze({ Open: "open", Paid: "paid" });

const address = { street: String, city: { type: String, required: true, index: true } };

const noteSchema = new Schema({ text: { type: String, required: [true, "say something"] }, by: { type: ObjectId, ref: "Member" } }, { timestamps: true });

const memberSchema = new mongoose.Schema(
  {
    email: { type: String, required: true, unique: true, lowercase: true },
    name: { first: String, last: { type: String, default: "" } },
    age: { type: Number, min: 0 },
    born: Date,
    isStaff: { type: Boolean, default: false },
    home: address,
    billing: { type: { street: String, zip: { type: String, sparse: true, index: true } } },
    notes: [noteSchema],
    lastNote: noteSchema,
    friends: [{ type: Schema.Types.ObjectId, ref: "Member" }],
    tags: { type: [String], index: true },
    scores: [Number],
    pets: [{ kind: { type: String, enum: ["cat", "dog"] }, chip: { type: String, unique: true, sparse: true } }],
    extra: {},
    anything: Schema.Types.Mixed,
    settings: { type: Map, of: String },
    where: { type: { type: String, enum: ["Point"] }, coordinates: { type: [Number], index: "2dsphere" } },
    token: { type: String, expires: 3600 },
    avatar: Buffer,
    balance: mongoose.Types.Decimal128,
    boss: { type: ObjectId, ref: "Member", default: null },
    seenAt: { type: Date, default: Date.now },
    uid: { type: Schema.Types.UUID },
    matrix: [[Number]],
    list: [],
    words: Array,
  },
  { timestamps: { createdAt: "created", updatedAt: false } },
);
memberSchema.index({ "name.last": 1, age: -1 });
memberSchema.index({ email: 1 }, { unique: true, partialFilterExpression: { isStaff: true }, name: "staff_email" });
memberSchema.index({ "name.first": "text" });
memberSchema.add({ phone: String });
memberSchema.virtual("orders", { ref: "Order", localField: "_id", foreignField: "member" });
memberSchema.virtual("full").get(function () { return this.name.first; });

export const Member = model("Member", memberSchema);

const orderSchema = new Schema({
  member: { type: ObjectId, ref: Member, required: true },
  status: { type: String, enum: Object.values(Status), default: Status.Open },
  lines: [{ _id: false, book: { type: ObjectId, ref: "Book" }, quantity: { type: Number, default: 1 } }],
}, { discriminatorKey: "channel", collection: "shop_orders" });
export const Order = model("Order", orderSchema);
export const WebOrder = Order.discriminator("WebOrder", new Schema({ ip: String }));
export const CounterOrder = Order.discriminator("CounterOrder", new Schema({ till: { type: String, index: true } }));

export const Person = mongoose.models.Person || mongoose.model("Person", new Schema({ nick: String }, { versionKey: false }));
export const Bare = mongoose.model("Series", new Schema({ _id: String, n: Number }), "bare_things");
`,
  "src/roles.ts": `export enum Role { Reader = "reader", Clerk = "clerk" }
export enum Level { Low, High }
export const LIBRARY = "library_" + "branches";
`,
  "src/address.schema.ts": `import { Prop, Schema, SchemaFactory } from "@nestjs/mongoose";

@Schema({ _id: false })
export class Address {
  @Prop({ required: true })
  street: string;

  @Prop({ index: true })
  city?: string;
}
export const AddressSchema = SchemaFactory.createForClass(Address);
`,
  "src/branch.schema.ts": `import { Prop, raw, Schema, SchemaFactory } from "@nestjs/mongoose";
import mongoose, { HydratedDocument, Types } from "mongoose";
import { Address, AddressSchema } from "./address.schema";
import { Level, LIBRARY, Role } from "./roles";

export class Dated {
  @Prop({ type: Date, default: Date.now })
  opened: Date;
}

/** A house of the library. */
@Schema({ timestamps: true, collection: LIBRARY })
export class Branch extends Dated {
  @Prop({ required: true, unique: true })
  name: string;

  @Prop()
  floors: number;

  @Prop({ type: String, enum: Role, default: Role.Reader })
  role: Role;

  @Prop({ type: Number, enum: Level, default: Level.Low })
  level: Level;

  @Prop([String])
  languages: string[];

  @Prop({ type: AddressSchema })
  address: Address;

  @Prop({ type: [AddressSchema], default: [] })
  formerly: Address[];

  @Prop({ type: mongoose.Schema.Types.ObjectId, ref: "Branch" })
  mother: Types.ObjectId;

  @Prop({ type: [{ type: Types.ObjectId, ref: () => Branch.name }] })
  sisters: Types.ObjectId[];

  @Prop(raw({ lat: { type: Number }, lng: { type: Number } }))
  place: Record<string, number>;

  @Prop({ type: Object })
  extra: Record<string, unknown>;

  @Prop({ type: Map, of: Number })
  visits: Map<string, number>;

  @Prop()
  isOpen: boolean;
}
export type BranchDocument = HydratedDocument<Branch>;
export const BranchSchema = SchemaFactory.createForClass(Branch);
BranchSchema.index({ floors: 1, name: -1 }, { sparse: true });
BranchSchema.virtual("events", { ref: "Happening", localField: "_id", foreignField: "branch", justOne: true });
`,
  "src/event.schema.ts": `import { Prop, Schema, SchemaFactory } from "@nestjs/mongoose";
import { Types } from "mongoose";
import { Branch } from "./branch.schema";

@Schema({ discriminatorKey: "kind" })
export class Happening {
  @Prop({ type: Types.ObjectId, ref: Branch.name, required: true })
  branch: Types.ObjectId;
}
export const HappeningSchema = SchemaFactory.createForClass(Happening);

@Schema()
export class Reading {
  kind: string;
  @Prop({ required: true })
  author: string;
}
export const ReadingSchema = SchemaFactory.createForClass(Reading);
`,
  "src/library.module.ts": `import { Module } from "@nestjs/common";
import { MongooseModule } from "@nestjs/mongoose";
import { Branch, BranchSchema } from "./branch.schema";
import { Happening, HappeningSchema, Reading, ReadingSchema } from "./event.schema";
import { BranchService } from "./branch.service";

const shared = [{ name: Branch.name, schema: BranchSchema }];

@Module({
  imports: [
    MongooseModule.forFeature([
      ...shared,
      {
        name: Happening.name,
        schema: HappeningSchema,
        discriminators: [{ name: Reading.name, schema: ReadingSchema }],
      },
    ]),
  ],
  providers: [BranchService],
})
export class LibraryModule {}
`,
  "src/branch.service.ts": `import { Injectable } from "@nestjs/common";
import { InjectModel } from "@nestjs/mongoose";
import { Model } from "mongoose";
import { Branch } from "./branch.schema";
import { Member, Order } from "./plain";

@Injectable()
export class BranchService {
  constructor(@InjectModel(Branch.name) private readonly branches: Model<Branch>) {}

  open(name: string) {
    return this.branches.findOne({ name }).lean();
  }

  async close(id: string) {
    await this.branches.updateOne({ _id: id }, { isOpen: false });
    return [Member.find({ home: id }), Order.aggregate([{ $match: { branch: id } }]), [1].find(Boolean)];
  }
}
`,
};
