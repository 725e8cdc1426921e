# A client of inventory.proto as gRPC has it:  call.py HOST:PORT
# protoc has made inventory_pb2 and inventory_pb2_grpc; PYTHONPATH says where they are.
import sys

import grpc
from inventory_pb2 import Item, Key
from inventory_pb2_grpc import InventoryStub

with grpc.insecure_channel(sys.argv[1]) as channel:
    inventory = InventoryStub(channel)
    inventory.Fill(iter([Item(sku="bolt", count=3, shelves=["A1", "B2"]), Item(sku="nut", count=0)]))
    bolt = inventory.Get(Key(sku="bolt"), timeout=10)
    print(f"Get(bolt) = {bolt.count} on {', '.join(bolt.shelves)}")
    print(f"Watch(bolt) = {[item.count for item in inventory.Watch(Key(sku='bolt'), timeout=10)]}")
    try:
        inventory.Get(Key(sku="cog"), timeout=10)
    except grpc.RpcError as error:
        print(f"Get(cog): {error.code().name}: {error.details()}")
